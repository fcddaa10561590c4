/** One process of the pool, as the worker sees it: jobs in, progress and results out, and how it ended. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Settings } from '../config/datasets.js';
import { projectDirectory } from '../config/places.js';
import { arrived } from './carried-error.js';
import type { Event, JobName, PreparedJob, ToProcess, ToWorker } from './messages.js';
import { OVER_LIMIT } from './over-limit.js';

const ENTRY = join(projectDirectory, 'dist', 'pool', 'child.js');

/** What V8 says, and what the watchdog says. */
const OUT_OF_MEMORY = /heap out of memory|Reached heap limit/;

export interface ProcessOptions {
  /** All variables: secrets go no other way. */
  readonly environment: Readonly<Record<string, string>>;
  readonly settings: Settings;
  /** Of JavaScript objects. */
  readonly heapBytes: number;
  /** Of everything in it. */
  readonly residentBytes: number;
  readonly onEvent: (event: Event) => void;
  readonly onLine: (line: string, pid: number) => void;
  /** Resolves when the next call to Kaggle may go out. */
  readonly turn: () => Promise<void>;
}

/** The process is gone, and the job with it. */
export class ProcessEnded extends Error {
  override readonly name = 'ProcessEnded';
  constructor(
    readonly how: string,
    readonly ofMemory: boolean,
  ) {
    super(how);
  }
}

interface Job {
  readonly onProgress: (progress: unknown) => void;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export type WorkProcess = ReturnType<typeof startProcess>;

export function startProcess(options: ProcessOptions) {
  const { environment, settings, heapBytes, residentBytes, onEvent, onLine, turn } = options;
  const child = fork(ENTRY, [], {
    env: environment,
    execArgv: [`--max-old-space-size=${Math.ceil(heapBytes / 2 ** 20)}`],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const jobs = new Map<number, Job>();
  const ended = once(child, 'close').catch(() => undefined);
  let isAlive = true;
  let isOutOfMemory = false;
  let heardAtMs = performance.now();
  let ids = 0;

  const send = (message: ToProcess): void => {
    // A channel that has just closed says so by the end of the process.
    if (child.connected) child.send(message, () => undefined);
  };
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on('line', (line) => {
      if (OUT_OF_MEMORY.test(line) || line === OVER_LIMIT) isOutOfMemory = true;
      onLine(line, child.pid!);
    });
  }
  child.on('message', (message: ToWorker) => {
    heardAtMs = performance.now();
    if (message.type === 'event') return onEvent(message.event);
    if (message.type === 'ask') {
      void turn().then(() => send({ type: 'turn', id: message.id }));
      return;
    }
    const job = jobs.get(message.id);
    if (message.type === 'progress') return job?.onProgress(message.progress);
    jobs.delete(message.id);
    if (message.type === 'done') job?.resolve(message.result);
    else job?.reject(arrived(message.error));
  });
  const gone = (how: string): void => {
    isAlive = false;
    const error = new ProcessEnded(how, isOutOfMemory);
    for (const { reject } of jobs.values()) reject(error);
    jobs.clear();
  };
  child.on('error', (error) => gone(error.message));
  child.on('close', (code, signal) => {
    const how = isOutOfMemory ? `more memory than it may have` : (signal ?? `exit code ${code}`);
    gone(how);
  });
  send({ type: 'setup', settings, residentBytes });

  return {
    heapBytes,
    pid: child.pid,
    isAlive: () => isAlive && child.connected,
    load: () => jobs.size,
    silentMs: () => performance.now() - heardAtMs,
    /** Loads what a job of this kind needs. */
    prepare: (job: PreparedJob) => send({ type: 'prepare', job }),
    /** Rejects with `ProcessEnded`, or with what the job threw. */
    run(job: JobName, input: unknown, onProgress: (progress: unknown) => void) {
      ids += 1;
      const id = ids;
      heardAtMs = performance.now();
      const result = new Promise<unknown>((resolve, reject) => {
        jobs.set(id, { onProgress, resolve, reject });
      });
      if (isAlive) send({ type: 'begin', id, job, input });
      else gone('it had ended before');
      return { result, abort: () => send({ type: 'abort', id }) };
    },
    /** Resolves when nothing of it runs any more. */
    async kill(): Promise<void> {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
