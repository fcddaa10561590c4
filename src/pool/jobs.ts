/** What a process of the pool can do. Modules are loaded by the jobs that need them: one never needs them all. */
import type { Settings } from '../config/datasets.js';
import { readEnvironment } from '../config/environment.js';
import type { Cache } from '../cache/index.js';
import type { HostRoom } from '../room/index.js';
import type { ObjectStore } from '../store/index.js';
import type { DeepPlace } from '../publication/verify-deep.js';
import type { Event, JobName, Jobs } from './messages.js';

export interface Surroundings {
  readonly settings: Settings;
  readonly tell: (event: Event) => void;
  /** Resolves when the next call to Kaggle may go out. */
  readonly pace: (signal: AbortSignal) => Promise<void>;
}

export type Run<Name extends JobName> = (
  input: Jobs[Name]['input'],
  signal: AbortSignal,
  onProgress: (progress: Jobs[Name]['progress']) => void,
) => Promise<Jobs[Name]['result']>;

/** The first call of each job opens what it needs; a process keeps it for the next. */
export function createJobs(around: Surroundings): { readonly [Name in JobName]: Run<Name> } {
  let cache: Promise<Cache> | undefined;
  let store: Promise<ObjectStore> | undefined;
  let room: Promise<HostRoom> | undefined;
  return {
    async obtain({ entry, pin, limits, force, runId }, signal, onProgress) {
      const opened = await (cache ??= openCache(around));
      const { pathAhead, wantsAhead } = await import('../convert/unpack/ahead.js');
      const { max_unpacked_size: maxBytes, max_ratio: maxRatio } = limits;
      const inflate = { wants: wantsAhead(entry.files), pathOf: pathAhead, maxBytes, maxRatio };
      return opened.obtain(entry, pin, { force, inflate, runId, signal, onProgress });
    },
    async unpack(input, signal, onProgress) {
      const { unpack } = await loadFor.convertTable();
      const { tellSkipped } = await import('../convert/unpack/skipped-files.js');
      const opened = await (room ??= openRoom(() => (cache ??= openCache(around))));
      let last = { bytes: 0 };
      const take = (diskBytes: number) =>
        opened.take(
          { diskBytes, memoryBytes: 0 },
          { signal, onWait: (waitsFor) => onProgress({ ...last, waitsFor }) },
        );
      const { tables, skipped } = await unpack({
        ...{ ...input, signal, room: take },
        onProgress: (progress) => onProgress((last = progress)),
      });
      return { tables, ...tellSkipped(skipped, input.entry.keep_files !== 'none') };
    },
    async store({ key, file, ...put }, signal, onProgress) {
      const opened = await (store ??= openStore());
      return opened.putImmutable(key, file, {
        ...{ ...put, signal },
        onProgress: ({ sentBytes }) => onProgress({ bytes: sentBytes }),
      });
    },
    async verify({ dataset, entry, settings, deep, runId, directory }, signal, onProgress) {
      const { withPublished } = await import('../published/open.js');
      const { verifyPublication } = await import('../publication/verify-publication.js');
      let bytes = 0;
      const onBytes = (arrived: number): void => onProgress({ bytes: (bytes += arrived) });
      return withPublished(
        readEnvironment(),
        signal,
        async (published) => {
          const verified = await verifyPublication({ dataset }, published, { signal, onBytes });
          if (!deep) return verified;
          const { verifyDeep } = await import('../publication/verify-deep.js');
          const { unpack, convertTable } = await import('../convert/index.js');
          const opened = await (cache ??= openCache(around));
          const work: DeepPlace['work'] = {
            unpack: async (input, follow) => ({
              tables: (await unpack({ ...input, ...follow })).tables,
            }),
            convertTable: ({ growth: _none, ...input }, follow) =>
              convertTable({ ...input, ...follow }),
          };
          const place = { ...published, cache: opened, work, entry, settings, runId };
          return verifyDeep(verified, place, signal);
        },
        // Beside it, a conversion may take as much again.
        { directory, memoryBytes: settings.memory_limit },
      );
    },
    async keepFiles(input, signal, onProgress) {
      const { keepFiles } = await import('../publication/keep-files.js');
      const { withPlace } = await import('../published/open.js');
      return withPlace(readEnvironment(), (place) =>
        keepFiles(input, place, { signal, onProgress }),
      );
    },
    async convertArriving(input, signal, onProgress) {
      const { convertArriving } = await loadFor.convertTable();
      return convertArriving({ ...input, signal, onProgress });
    },
    async convertTable({ growth, ...input }, signal, onProgress) {
      const { convertTable } = await loadFor.convertTable();
      if (!growth) return convertTable({ ...input, signal, onProgress });
      const { convertGrowing } = await import('../publication/convert-growing.js');
      const opened = await (store ??= openStore());
      return convertGrowing({ ...input, growth, signal, onProgress }, opened, convertTable);
    },
  };
}

/** What jobs that come first need most, loaded before they come: it takes as long as a small table. */
export const loadFor = {
  obtain: async () => {
    const [{ cacheOf }, { openSources }] = await Promise.all([
      import('../open-cache.js'),
      import('../open-sources.js'),
      import('../convert/unpack/ahead.js'),
    ]);
    return { cacheOf, openSources };
  },
  convertTable: () => import('../convert/index.js'),
};

async function openCache({ settings, tell, pace }: Surroundings): Promise<Cache> {
  const { cacheOf, openSources } = await loadFor.obtain();
  const environment = readEnvironment();
  const sources = openSources(environment, settings.allow_private_addresses, {
    onRequest: (sent) => tell({ of: 'request', sent }),
    pace,
  });
  return cacheOf(environment, settings, sources, (use) => tell({ of: 'cacheUse', use }));
}

async function openRoom(cache: () => Promise<Cache>): Promise<HostRoom> {
  const { hostRoomOf } = await import('../resources.js');
  return hostRoomOf(readEnvironment(), async (bytes, signal) =>
    (await cache()).evict(bytes, signal),
  );
}

async function openStore(): Promise<ObjectStore> {
  const { createObjectStore } = await import('../store/index.js');
  const { storageOptions } = await import('../config/storage.js');
  return await createObjectStore(storageOptions(readEnvironment()));
}
