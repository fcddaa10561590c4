/** The sample Kaggle server as a service of the embedded stack: a Node process of its own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectDirectory } from '../config/places.js';
import { ImportError } from '../errors/index.js';
import { statusOf } from './http-status.js';
import type { ServiceDefinition } from './service.js';

const HEALTH_TIMEOUT_MS = 10_000;

/** Always the built program: Node cannot run the sources, also when tests import this file from src. */
const ENTRY = join(projectDirectory, 'dist', 'stack', 'kaggle-server', 'main.js');

export const sampleKaggle: ServiceDefinition = {
  name: 'kaggle',
  usualPorts: { port: 7777 },
  stopSignal: 'SIGTERM',
  stopGraceMs: 5000,
  prepare({ samplesDirectory }) {
    if (!existsSync(ENTRY)) {
      throw new ImportError('STACK_SERVICE_FAILED', {
        place: 'kaggle',
        expected: ENTRY,
        found: 'no such file',
        nextStep: 'Run `npm run build`.',
      });
    }
    return Promise.resolve({
      launch: ({ port }) => ({
        command: process.execPath,
        args: [ENTRY, '--port', String(port), '--data', samplesDirectory],
      }),
    });
  },
  isHealthy: async ({ port }) => (await statusOf(port, '/healthz', HEALTH_TIMEOUT_MS)) === 200,
};
