/** Work on bytes, in processes of its own: what a hostile file does to its process, it does to nothing else. */
import type { ConvertProgress } from '../convert/index.js';
import { ImportError } from '../errors/index.js';
import type { Settings } from '../config/datasets.js';
import type { Logger } from '../log.js';
import type { Event, JobName, Jobs } from './messages.js';
import { ProcessPool, type JobOptions } from './process-pool.js';
import { memoryOf, poolSizes, SMALL_MEMORY } from './sizes.js';
import { ProcessEnded, startProcess } from './work-process.js';

export type { Jobs } from './messages.js';

/** A job and how to follow it; `signal` ends it within a second. */
export type Follow<Name extends JobName> = Omit<JobOptions<Name>, 'heapBytes'>;

export interface BytesWork {
  /** As `cache.obtain`. @throws DOWNLOAD_INTERRUPTED also when its process ends */
  obtain(
    input: Jobs['obtain']['input'],
    follow: Follow<'obtain'>,
  ): Promise<Jobs['obtain']['result']>;
  /** As `unpack` of the conversion. @throws CONVERSION_CRASHED when its process ends, twice */
  unpack(
    input: Jobs['unpack']['input'],
    follow: Follow<'unpack'>,
  ): Promise<Jobs['unpack']['result']>;
  /** As `putImmutable` of the store. @throws STORE_FAILED also when its process ends */
  store(input: Jobs['store']['input'], follow: Follow<'store'>): Promise<Jobs['store']['result']>;
  /** As `verifyPublication`, then `verifyDeep` when that is asked for. @throws CONVERSION_CRASHED when its process ends, twice */
  verify(
    input: Jobs['verify']['input'],
    follow: Follow<'verify'>,
  ): Promise<Jobs['verify']['result']>;
  /** As `keepFiles` of the publication. @throws CONVERSION_CRASHED when its process ends, twice */
  keepFiles(
    input: Jobs['keepFiles']['input'],
    follow: Follow<'keepFiles'>,
  ): Promise<Jobs['keepFiles']['result']>;
  /** As `convertArriving` of the conversion. @throws ProcessEnded when its process ends */
  convertArriving(
    input: Jobs['convertArriving']['input'],
    follow: Follow<'convertArriving'>,
  ): Promise<Jobs['convertArriving']['result']>;
  /** As `convertTable` of the conversion. @throws CONVERSION_CRASHED when its process ends, twice */
  convertTable(
    input: Jobs['convertTable']['input'],
    follow: Follow<'convertTable'>,
  ): Promise<Jobs['convertTable']['result']>;
}

/** Of small datasets, in processes of their own: what is large occupies the others for hours. */
export type SmallWork = Pick<BytesWork, 'unpack' | 'convertTable'>;

export interface BytesPool extends BytesWork {
  readonly small: SmallWork;
  /** So many conversions have a process each. */
  readonly conversions: number;
  /** Starts a process of each of these kinds before the first job. */
  warm(kinds: { readonly transfers: boolean; readonly conversions: boolean }): void;
  /** Ends all processes; resolves when none runs any more. */
  close(): Promise<void>;
}

export interface BytesPoolOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly settings: Settings;
  readonly log: Logger;
  readonly onEvent: (event: Event) => void;
  /** Resolves when the next call to Kaggle may go out. */
  readonly pace: (signal: AbortSignal) => Promise<void>;
}

export function createBytesPool(options: BytesPoolOptions): BytesPool {
  const { environment, settings, log, onEvent, pace } = options;
  const ended = new AbortController();
  const common = {
    ...{ environment, settings, onEvent },
    onLine: (line: string, pid: number) => log.warn({ pid, line }, 'a process of the pool says'),
    turn: () => pace(ended.signal),
  };
  const start = (memoryLimit: number) => startProcess({ ...common, ...memoryOf(memoryLimit) });
  const sizes = poolSizes(settings.memory_limit);
  const transfers = new ProcessPool({ ...sizes.transfers, start });
  const conversions = new ProcessPool({ ...sizes.conversions, start });
  // No conversion waits for one that waits for its download.
  const arriving = new ProcessPool({ ...sizes.conversions, start });
  const small = new ProcessPool({ ...sizes.small, start });
  const smallMemory = Math.min(SMALL_MEMORY, settings.memory_limit);
  const memory = { heapBytes: memoryOf(settings.memory_limit).heapBytes };

  /** Once more, for what ended it may have been somebody else's hunger; not where its own was the reason. */
  async function twice<Name extends 'unpack' | 'verify' | 'keepFiles' | 'convertTable'>(
    name: Name,
    input: Jobs[Name]['input'],
    follow: JobOptions<Name>,
    place: string,
    processes = conversions,
  ): Promise<Jobs[Name]['result']> {
    let last: Jobs[Name]['progress'] | undefined;
    const watched = {
      ...follow,
      onProgress: (progress: Jobs[Name]['progress']) => {
        last = progress;
        follow.onProgress(progress);
      },
    };
    for (let isLast = false; ; isLast = true) {
      try {
        return await processes.run(name, input, watched);
      } catch (error) {
        if (!(error instanceof ProcessEnded)) throw error;
        log.error({ place, how: error.how, last, isLast }, 'a process of the pool has ended');
        if (isLast || error.ofMemory) throw crashed(error, place, last);
      }
    }
  }

  return {
    conversions: sizes.conversions.processes,
    async obtain(input, follow) {
      try {
        return await transfers.run('obtain', input, { ...follow, ...memory });
      } catch (error) {
        if (!(error instanceof ProcessEnded)) throw error;
        const found = `the end of its process (${error.how})`;
        throw new ImportError('DOWNLOAD_INTERRUPTED', {
          place: input.pin.reference,
          found,
          cause: error,
        });
      }
    },
    async store(input, follow) {
      try {
        return await transfers.run('store', input, { ...follow, ...memory });
      } catch (error) {
        if (!(error instanceof ProcessEnded)) throw error;
        const found = `the end of the process that stored it (${error.how})`;
        throw new ImportError('STORE_FAILED', { place: input.key, found, cause: error });
      }
    },
    unpack: (input, follow) => twice('unpack', input, { ...follow, ...memory }, input.entry.name),
    keepFiles: (input, follow) =>
      twice('keepFiles', input, { ...follow, ...memory }, input.entry.name),
    verify: (input, follow) => {
      const { heapBytes } = memoryOf(input.settings.memory_limit);
      return twice('verify', input, { ...follow, heapBytes }, input.dataset);
    },
    convertArriving: (input, follow) => {
      const { heapBytes } = memoryOf(input.settings.memory_limit);
      return arriving.run('convertArriving', input, { ...follow, heapBytes });
    },
    convertTable: (input, follow) => {
      const { heapBytes } = memoryOf(input.settings.memory_limit);
      return twice('convertTable', input, { ...follow, heapBytes }, input.table.originalPath);
    },
    small: {
      unpack: (input, follow) =>
        twice('unpack', input, { ...follow, heapBytes: smallMemory }, input.entry.name, small),
      convertTable: (input, follow) => {
        const settings = { ...input.settings, memory_limit: smallMemory };
        const options = { ...follow, heapBytes: smallMemory };
        return twice(
          'convertTable',
          { ...input, settings },
          options,
          input.table.originalPath,
          small,
        );
      },
    },
    warm(kinds) {
      if (kinds.transfers) transfers.warm(memory.heapBytes, 'obtain');
      if (kinds.conversions) conversions.warm(memory.heapBytes, 'convertTable');
    },
    async close() {
      ended.abort();
      await Promise.all([transfers.close(), conversions.close(), arriving.close(), small.close()]);
    },
  };
}

function crashed(
  error: ProcessEnded,
  place: string,
  last: ConvertProgress | { readonly bytes: number; readonly file?: string } | undefined,
): ImportError {
  return new ImportError('CONVERSION_CRASHED', {
    place,
    expected: 'its process to reach the end',
    found: `${error.how}, ${last ? readSoFar(last) : 'before the first byte was read'}`,
    cause: error,
  });
}

function readSoFar(last: ConvertProgress | { readonly bytes: number; readonly file?: string }) {
  if ('phase' in last) {
    const { phase, bytes, totalBytes, rows, percent } = last;
    return `while ${phase} (${Math.floor(percent)} %), ${bytes} of ${totalBytes} bytes read, record ${rows}`;
  }
  const { bytes, file } = last;
  return `after ${bytes} bytes were unpacked${file === undefined ? '' : `, in ${file}`}`;
}
