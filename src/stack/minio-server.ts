/** The MinIO server of the embedded stack. Buckets are made by the store, not here. */
import { mkdirSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { findTool } from './find-tool.js';
import { statusOf } from './http-status.js';
import { LOOPBACK } from './ports.js';
import { stackSecrets } from './secrets.js';
import type { ServiceDefinition } from './service.js';

const HEALTH_TIMEOUT_MS = 10_000;

export const minioServer: ServiceDefinition = {
  name: 'minio',
  usualPorts: { port: 9000, uiPort: 9001 },
  stopSignal: 'SIGTERM',
  stopGraceMs: 15_000,
  async prepare({ directory, toolPaths, cacheDirectory, onProgress, signal }) {
    const command = await findTool('minio', {
      ...(toolPaths?.minio !== undefined && { explicitPath: toolPaths.minio }),
      cacheDirectory,
      onProgress,
      signal,
    });
    const data = join(directory, 'minio');
    mkdirSync(data, { recursive: true });
    const { minioAccessKey, minioSecretKey } = stackSecrets(directory);
    return {
      launch: ({ port, uiPort }) => ({
        command,
        args: [
          ...['server', '--address', `${LOOPBACK}:${port}`],
          ...['--console-address', `${LOOPBACK}:${uiPort}`, data],
        ],
        env: {
          MINIO_ROOT_USER: minioAccessKey,
          MINIO_ROOT_PASSWORD: minioSecretKey,
          // No look for updates: traffic of the stack stays on this machine.
          MINIO_UPDATE: 'off',
        },
      }),
    };
  },
  isHealthy: ({ port }, { directory }) => {
    const { minioAccessKey, minioSecretKey } = stackSecrets(directory);
    return answersRequest(port, minioAccessKey, minioSecretKey);
  },
  stillAnswers: ({ port }) => refusesStrangers(port),
};

/** Without keys, and so without the library that signs: before it can read its disk, it would answer 503. */
async function refusesStrangers(port: number): Promise<boolean> {
  return (await statusOf(port, '/', HEALTH_TIMEOUT_MS)) === 403;
}

/** MinIO calls itself live before it can read its disk and knows its keys, so make a request that needs both. */
async function answersRequest(
  port: number,
  accessKey: string,
  secretKey: string,
): Promise<boolean> {
  const agent = new Agent();
  // Ends its connections, and so the request of a server that says nothing.
  const late = setTimeout(() => agent.destroy(), HEALTH_TIMEOUT_MS);
  const { Client } = await import('minio');
  const client = new Client({
    ...{ endPoint: LOOPBACK, port, useSSL: false, accessKey, secretKey },
    transportAgent: agent,
    // The next look comes soon.
    retryOptions: { disableRetry: true },
  });
  try {
    await client.listBuckets();
    return true;
  } finally {
    clearTimeout(late);
    agent.destroy();
  }
}
