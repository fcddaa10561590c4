/** The entry of a process of the pool: jobs come over its channel, progress and results go back. */
import { setMaxListeners } from 'node:events';
import { Worker } from 'node:worker_threads';
import { carry } from './carried-error.js';
import { createJobs, loadFor, type Run } from './jobs.js';
import type { JobName, ToProcess, ToWorker } from './messages.js';
import type { Watched } from './watchdog.js';

/** Often enough for heartbeats; a download tells of itself with every piece. */
const TELL_EVERY_MS = 200;

const running = new Map<number, AbortController>();
const asked = new Map<number, () => void>();
let questions = 0;
let jobs: ReturnType<typeof createJobs> | undefined;

const say = (message: ToWorker): void => {
  // A worker that has gone needs no answer: the watchdog sees to the rest.
  if (process.connected) process.send!(message, () => undefined);
};

process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// To the whole group, from a terminal: the worker decides what still runs to its end.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);

process.on('message', (message: ToProcess) => {
  if (message.type === 'setup') setUp(message);
  // What cannot be loaded fails the job that needs it, and says so.
  else if (message.type === 'prepare') loadFor[message.job]().catch(() => undefined);
  else if (message.type === 'begin') void begin(message);
  else if (message.type === 'abort')
    running.get(message.id)?.abort(new Error('The job was stopped'));
  else answered(message.id);
});

function setUp({ settings, residentBytes }: ToProcess & { type: 'setup' }): void {
  const watched: Watched = { parent: process.ppid, residentBytes };
  new Worker(new URL('./watchdog.js', import.meta.url), { workerData: watched }).unref();
  jobs = createJobs({ settings, tell: (event) => say({ type: 'event', event }), pace: ask });
}

async function begin({ id, job, input }: ToProcess & { type: 'begin' }): Promise<void> {
  const end = new AbortController();
  setMaxListeners(0, end.signal);
  running.set(id, end);
  let newest: unknown;
  const tell = (): void => {
    if (newest !== undefined) say({ type: 'progress', id, progress: newest });
    newest = undefined;
  };
  const timer = setInterval(tell, TELL_EVERY_MS);
  try {
    const run = jobs![job] as Run<JobName>;
    const result = await run(input as never, end.signal, (progress) => (newest = progress));
    tell();
    say({ type: 'done', id, result });
  } catch (error) {
    tell();
    say({ type: 'failed', id, error: carry(error) });
  } finally {
    clearInterval(timer);
    running.delete(id);
  }
}

function ask(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  questions += 1;
  const id = questions;
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      asked.delete(id);
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', stop, { once: true });
    asked.set(id, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    say({ type: 'ask', id });
  });
}

function answered(id: number): void {
  asked.get(id)?.();
  asked.delete(id);
}
