/** The worker process of the stack: started, left alone, or started anew when its settings changed. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { launch, START_TIMEOUT_MS, waitUntilHealthy } from './launch.js';
import { withStackLock } from './lock.js';
import { isAlive, type ProcessIdentity } from '../locks/process-identity.js';
import { terminate } from './end-process.js';
import { readRecord, toState, writeRecord } from './state-file.js';
import type { StackRecord } from './state-file.js';
import type { ReportProgress, WorkerState } from './types.js';
import { changedSettings, codeOf, settingsOf } from './worker-settings.js';

/** A little more than the worker's own shutdown (`shutdownForceTime`) takes at most. */
const STOP_GRACE_MS = 40_000;

export interface StartWorkerOptions {
  /** The worker's settings, with every address. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute path of the built worker (`dist/worker.js`). */
  readonly entry: string;
  /** Absolute path of `.stack`. */
  readonly directory: string;
  /** Asked before a worker that runs is replaced for these settings; throws what keeps it from that. */
  readonly mayReplace?: (changed: readonly string[]) => Promise<void>;
  readonly onProgress: ReportProgress;
  readonly signal: AbortSignal;
}

/**
 * A worker with `env` as its settings: nothing is added but PATH, HOME, TMPDIR, UV_THREADPOOL_SIZE and the file by
 * which it says that it is ready. Thrown: STACK_SERVICE_FAILED, what `mayReplace` throws.
 */
export function startWorker(options: StartWorkerOptions): Promise<WorkerState> {
  const { directory } = options;
  return withStackLock(directory, options, () =>
    ensureWorker(options, readRecord(directory) ?? { services: {} }),
  );
}

/** Safe when no worker runs. */
export function stopWorker(
  directory: string,
  { onProgress }: { onProgress: ReportProgress },
): Promise<void> {
  return withStackLock(directory, { onProgress }, async () => {
    const record = readRecord(directory);
    if (record) await endWorker(directory, record, onProgress);
  });
}

/** For callers that hold the lock; changes and writes `record`. */
async function ensureWorker(
  { directory, env, entry, mayReplace, onProgress, signal }: StartWorkerOptions,
  record: StackRecord,
): Promise<WorkerState> {
  const code = codeOf(entry);
  const settings = settingsOf(env);
  const known = record.worker;
  if (known && isAlive(known)) {
    const changed = changedSettings(known.settings, settings);
    const isUsable = known.code === code && isReady(directory, known);
    if (isUsable && changed.length === 0) return { ...known, alive: true };
    if (isUsable) await mayReplace?.(changed);
    onProgress(`worker: ${whyAgain(known.code !== code, changed)}; starting it again`);
  }
  await endWorker(directory, record, () => undefined);
  const log = join(directory, 'logs', 'worker.log');
  const identity = launch({
    name: 'worker',
    command: process.execPath,
    args: ['--enable-source-maps', entry],
    // Every file operation of DuckDB's and MinIO's streams takes a thread of this pool.
    env: { ...env, UV_THREADPOOL_SIZE: '8', READY_FILE: readyFile(directory) },
    directory,
    log,
  });
  record.worker = { ...identity, code, settings, log };
  writeRecord(directory, record);
  try {
    await waitUntilHealthy(identity, {
      name: 'worker',
      log,
      timeoutMs: START_TIMEOUT_MS,
      signal,
      isHealthy: () => Promise.resolve(isReady(directory, identity)),
    });
  } catch (error) {
    await endWorker(directory, record, () => undefined);
    throw error;
  }
  onProgress('worker: ready');
  return toState(directory, record).worker!;
}

/** For callers that hold the lock; changes and writes `record`. */
export async function endWorker(
  directory: string,
  record: StackRecord,
  onProgress: ReportProgress,
): Promise<void> {
  // Before it is asked: a start after a `kill -9` of this command would take it for one that runs on.
  rmSync(readyFile(directory), { force: true });
  if (!record.worker) return;
  if (isAlive(record.worker)) onProgress('worker: stopping');
  await terminate(record.worker, 'SIGTERM', STOP_GRACE_MS);
  delete record.worker;
  writeRecord(directory, record);
}

/** For people. */
function whyAgain(otherCode: boolean, changed: readonly string[]): string {
  if (changed.length > 0) return `other settings than it was started with (${changed.join(', ')})`;
  return otherCode ? 'its code has changed' : 'it is ending, or has never become ready';
}

function readyFile(directory: string): string {
  return join(directory, 'worker.ready');
}

/** A worker that was killed has left the file, with a pid that is another one's. */
function isReady(directory: string, { pid }: ProcessIdentity): boolean {
  try {
    return Number(readFileSync(readyFile(directory), 'utf8')) === pid;
  } catch {
    return false;
  }
}
