/** The worker process of the stack: started, left alone, or started anew when its settings changed. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { environmentVariables } from '../config/variables.js';
import { launch, waitUntilHealthy } from './launch.js';
import { withStackLock } from './lock.js';
import { isAlive, terminate } from './process-identity.js';
import { readRecord, toState, writeRecord } from './state-file.js';
import type { StackRecord } from './state-file.js';
import type { ReportProgress, WorkerOptions, WorkerState } from './types.js';

/** What the worker prints once it polls its queues. */
const READY = 'worker ready';
const START_TIMEOUT_MS = 90_000;
/** A little more than the worker's own shutdown (`shutdownForceTime`) takes at most. */
const STOP_GRACE_MS = 40_000;

export interface StartWorkerOptions extends WorkerOptions {
  /** Absolute path of `.stack`. */
  readonly directory: string;
  readonly onProgress: ReportProgress;
  readonly signal: AbortSignal;
}

/**
 * A worker with `env` as its settings, which must hold every address: nothing is added but PATH,
 * HOME, TMPDIR and UV_THREADPOOL_SIZE. Thrown: STACK_SERVICE_FAILED.
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
export async function ensureWorker(
  { directory, env, entry, onProgress, signal }: StartWorkerOptions,
  record: StackRecord,
): Promise<WorkerState> {
  const fingerprint = fingerprintOf(env, entry);
  const known = record.worker;
  if (known && isAlive(known) && known.fingerprint === fingerprint && isReady(known.log)) {
    onProgress('worker: already running');
    return { ...known, alive: true };
  }
  if (known && isAlive(known)) onProgress('worker: code or settings changed; starting it again');
  await endWorker(directory, record, () => undefined);
  const log = join(directory, 'logs', 'worker.log');
  const identity = launch({
    name: 'worker',
    command: process.execPath,
    args: ['--enable-source-maps', entry],
    // Every file operation of DuckDB's and MinIO's streams takes a thread of this pool.
    env: { ...env, UV_THREADPOOL_SIZE: '8' },
    directory,
    log,
  });
  record.worker = { ...identity, fingerprint, log };
  writeRecord(directory, record);
  try {
    await waitUntilHealthy(identity, {
      name: 'worker',
      log,
      timeoutMs: START_TIMEOUT_MS,
      signal,
      isHealthy: () => Promise.resolve(isReady(log)),
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
  if (!record.worker) return;
  if (isAlive(record.worker)) onProgress('worker: stopping');
  await terminate(record.worker, 'SIGTERM', STOP_GRACE_MS);
  delete record.worker;
  writeRecord(directory, record);
}

/** The log begins anew with each start, so an old line cannot be mistaken. */
function isReady(log: string): boolean {
  return readFileSync(log, 'utf8').includes(READY);
}

const OUR_VARIABLES = new Set(environmentVariables.map(({ name }) => name));

/** What a terminal or make adds to the environment is none: the worker would start anew for each of them. */
function isSetting(name: string): boolean {
  return (
    OUR_VARIABLES.has(name.toUpperCase()) ||
    /^(AWS|AZURE|KAGGLE|MINIO|NODE|SSL|TEMPORAL)_/.test(name)
  );
}

/** SHA-256 of the settings and of every built file beside the entry. */
function fingerprintOf(env: Readonly<Record<string, string>>, entry: string): string {
  const settings = Object.entries(env).filter(([name]) => isSetting(name));
  const hash = createHash('sha256').update(JSON.stringify(settings.sort()));
  const folder = dirname(entry);
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (/\.(js|json)$/.test(file)) hash.update(file).update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex');
}
