/** A few processes that stay warm, each with its jobs; one that ends is replaced by the next job that needs it. */
import type { JobName, Jobs, PreparedJob } from './messages.js';
import { ProcessEnded, type WorkProcess } from './work-process.js';

/** A job that is told to stop has this long; then its process is ended. */
const STOP_WITHIN_MS = 800;

/**
 * A process that says nothing for so long hangs. The longest that is known to be busy without a word needs
 * three minutes: a workbook of a million rows on a loaded machine.
 */
const HANGS_AFTER_MS = 15 * 60_000;
const LOOK_EVERY_MS = 5_000;

export interface PoolOptions {
  readonly processes: number;
  /** Side by side in one process. */
  readonly jobsPerProcess: number;
  readonly start: (heapBytes: number) => WorkProcess;
}

export interface JobOptions<Name extends JobName> {
  readonly signal: AbortSignal;
  readonly heapBytes: number;
  readonly onProgress: (progress: Jobs[Name]['progress']) => void;
}

export class ProcessPool {
  readonly #options: PoolOptions;
  #processes: WorkProcess[] = [];
  #waiting: (() => void)[] = [];

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Starts one before it is needed, and has it load what this kind of job needs. */
  warm(heapBytes: number, job: PreparedJob): void {
    if (this.#processes.length > 0) return;
    const started = this.#options.start(heapBytes);
    started.prepare(job);
    this.#processes.push(started);
  }

  /**
   * Rejects with what the job throws; with the signal's reason when aborted, once nothing of the job runs any more;
   * with `ProcessEnded` when its process has ended.
   */
  async run<Name extends JobName>(
    name: Name,
    input: Jobs[Name]['input'],
    { signal, heapBytes, onProgress }: JobOptions<Name>,
  ): Promise<Jobs[Name]['result']> {
    const process = await this.#free(signal, heapBytes);
    const { result, abort } = process.run(name, input, onProgress as (progress: unknown) => void);
    let hangs = false;
    let killer: NodeJS.Timeout | undefined;
    const stop = (): void => {
      abort();
      killer = setTimeout(() => void process.kill(), STOP_WITHIN_MS);
    };
    const watch = setInterval(() => {
      hangs = process.silentMs() > HANGS_AFTER_MS;
      if (hangs) void process.kill();
    }, LOOK_EVERY_MS);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      return (await result) as Jobs[Name]['result'];
    } catch (error) {
      signal.throwIfAborted();
      if (!hangs) throw error;
      throw new ProcessEnded(`not a word for ${HANGS_AFTER_MS / 60_000} minutes`, false);
    } finally {
      clearTimeout(killer);
      clearInterval(watch);
      signal.removeEventListener('abort', stop);
      this.#waiting.shift()?.();
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.kill()));
  }

  /** One with room for a job; with the wanted memory, which only a new one can be given. */
  async #free(signal: AbortSignal, heapBytes: number): Promise<WorkProcess> {
    for (;;) {
      signal.throwIfAborted();
      this.#processes = this.#processes.filter((process) => process.isAlive());
      const { processes, jobsPerProcess, start } = this.#options;
      const [idlest] = this.#processes
        .filter((process) => process.heapBytes === heapBytes)
        .sort((a, b) => a.load() - b.load());
      const other = this.#processes.find(
        (process) => process.heapBytes !== heapBytes && process.load() === 0,
      );
      if (idlest?.load() === 0) return idlest;
      if (other || this.#processes.length < processes) {
        if (other) void other.kill();
        const started = start(heapBytes);
        this.#processes = [...this.#processes.filter((process) => process !== other), started];
        return started;
      }
      if (idlest && idlest.load() < jobsPerProcess) return idlest;
      await this.#turn(signal);
    }
  }

  /** Until a job ends. */
  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        signal.removeEventListener('abort', go);
        this.#waiting = this.#waiting.filter((waiting) => waiting !== go);
        resolve();
      };
      this.#waiting.push(go);
      signal.addEventListener('abort', go, { once: true });
    });
  }
}
