/** Starts one Temporal, PostgreSQL and MinIO for the whole test run, and stops them at its end, also when it is killed. */
import { spawn } from 'node:child_process';
import { chmod, mkdtemp } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
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
  const folder = await mkdtemp(join(tmpdir(), 'kaggle-import-run-'));
  // The user of an embedded PostgreSQL must be able to enter.
  await chmod(folder, 0o711);
  sweepAfter(folder);
  // Of all tests: whatever they start carries this name in its environment, its arguments or its folder.
  process.env['TMPDIR'] = folder;
  const stack = await startTestStack({
    services: ['temporal', 'postgres', 'minio'],
    onProgress: (line) => process.stderr.write(`test stack: ${line}\n`),
  });
  project.provide('stack', stack.environment as unknown as SharedStack);
  return stack.stop;
}

/** However this process ends: another one waits for the end of a pipe, in a group that Ctrl-C does not reach. */
function sweepAfter(folder: string): void {
  const reaper = spawn(process.execPath, [join(import.meta.dirname, 'reaper.js'), folder], {
    ...{ cwd: '/', detached: true },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  reaper.unref();
  (reaper.stdin as Socket).unref();
}
