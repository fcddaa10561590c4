/** The Temporal dev server of the embedded stack: persistent database file, Web UI, search attributes. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { z } from 'zod';
import { projectDirectory } from '../config/places.js';
import { SEARCH_ATTRIBUTES } from '../contract.js';
import { findTool } from './find-tool.js';
import { callGrpc } from './grpc-call.js';
import { LOOPBACK } from './ports.js';
import type { ServiceDefinition } from './service.js';

const NAMESPACE = 'default';
const HEALTH_TIMEOUT_MS = 10_000;
const DYNAMIC_CONFIG = join(projectDirectory, 'temporal', 'dynamic-config.yaml');

/** Format of Temporal's dynamic configuration files: a list of values for each key. */
const dynamicConfig = z.record(z.string(), z.tuple([z.object({ value: z.unknown() })]));

export const temporalServer: ServiceDefinition = {
  name: 'temporal',
  usualPorts: { port: 7233, uiPort: 8233 },
  stopSignal: 'SIGTERM',
  stopGraceMs: 15_000,
  async prepare({ directory, toolPaths, cacheDirectory, onProgress, signal }) {
    const command = await findTool('temporal', {
      ...(toolPaths?.temporal !== undefined && { explicitPath: toolPaths.temporal }),
      cacheDirectory,
      onProgress,
      signal,
    });
    const data = join(directory, 'temporal');
    mkdirSync(data, { recursive: true });
    return {
      launch: ({ port, uiPort }) => ({
        command,
        args: [
          ...['server', 'start-dev', '--ip', LOOPBACK, '--port', String(port)],
          ...['--ui-port', String(uiPort), '--log-level', 'warn'],
          ...['--db-filename', join(data, 'temporal.db'), '--sqlite-pragma', 'journal_mode=WAL'],
          ...Object.values(SEARCH_ATTRIBUTES).flatMap((name) => [
            '--search-attribute',
            `${name}=Keyword`,
          ]),
          ...dynamicConfigFlags(),
        ],
      }),
    };
  },
  isHealthy: ({ port }) => answersForNamespace(`${LOOPBACK}:${port}`),
};

/** The same file serves docker-compose; the dev server takes its values as flags. */
function dynamicConfigFlags(): string[] {
  const entries = dynamicConfig.parse(load(readFileSync(DYNAMIC_CONFIG, 'utf8')));
  return Object.entries(entries).flatMap(([key, [first]]) => [
    '--dynamic-config-value',
    `${key}=${JSON.stringify(first.value)}`,
  ]);
}

/** The port opens before namespace and search attributes are there, so ask for both: names stand in the answer as they are. */
async function answersForNamespace(address: string): Promise<boolean> {
  const answer = await callGrpc(
    address,
    '/temporal.api.operatorservice.v1.OperatorService/ListSearchAttributes',
    NAMESPACE,
    HEALTH_TIMEOUT_MS,
  );
  return Object.values(SEARCH_ATTRIBUTES).every((name) => answer.includes(name));
}
