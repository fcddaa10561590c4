/** Starts one Temporal, PostgreSQL and MinIO for the whole test run, and stops them at its end, also when it is killed. */
import type { TestProject } from 'vitest/node';
import { makeRunFolder } from './run-folder.js';
import { startTestStack } from './test-stack.js';

/** Addresses of the shared servers, for `inject('stack')` in a test. */
export interface SharedStack {
  readonly TEMPORAL_ADDRESS: string;
  readonly DATABASE_URL: string;
  readonly MINIO_ENDPOINT: string;
  readonly MINIO_ACCESS_KEY: string;
  readonly MINIO_SECRET_KEY: string;
  readonly MINIO_USE_SSL: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    stack: SharedStack;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await makeRunFolder();
  const stack = await startTestStack({
    services: ['temporal', 'postgres', 'minio'],
    onProgress: (line) => process.stderr.write(`test stack: ${line}\n`),
  });
  project.provide('stack', stack.environment as unknown as SharedStack);
  return stack.stop;
}
