/** The MinIO server of the embedded stack. Buckets are made by the store, not here. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findTool } from './find-tool.js';
import { LOOPBACK } from './ports.js';
import { stackSecrets } from './secrets.js';
import type { ServiceDefinition } from './service.js';

const HEALTH_TIMEOUT_MS = 3000;

export const minioServer: ServiceDefinition = {
  name: 'minio',
  usualPorts: { port: 9000, uiPort: 9001 },
  startTimeoutMs: 60_000,
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
      isHealthy: ({ port }) => respondsOk(`http://${LOOPBACK}:${port}/minio/health/live`),
    };
  },
};

/** True when a GET answers 2xx. */
export async function respondsOk(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) });
  await response.body?.cancel();
  return response.ok;
}
