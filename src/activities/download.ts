/** The download, on the shared, rate-limited queue; every step after it runs on the host that has the bytes. */
import { TASK_QUEUES } from '../contract.js';
import type { ArrivingFile } from '../cache/inflate-ahead.js';
import type { DownloadProgress } from '../cache/obtain.js';
import type { CacheEntry } from '../cache/types.js';
import { contentDigest8, publicationPrefix } from '../config/digest.js';
import { ImportError } from '../errors/index.js';
import type { BytesWork } from '../pool/index.js';
import type { Resources } from '../resources.js';
import type { PinnedSource } from '../source/types.js';
import type { Arrivals } from './arrivals.js';
import type { ImportPlan } from './prepare.js';
import { activity } from './step.js';

export interface Download {
  readonly cached: CacheEntry;
  /** The queue of the host that has the bytes. */
  readonly hostQueue: string;
  /** Where this publication's objects go; nobody else writes there. */
  readonly prefix: string;
}

/** A full host gives a download back so often; then the import waits, where people see it. */
const HOSTS_ASKED = 6;

export function downloadActivities(
  { cache, store }: Resources,
  work: Pick<BytesWork, 'obtain'>,
  arrivals: Pick<Arrivals, 'begin' | 'end'>,
) {
  return {
    downloadToCache: activity(
      async (
        { plan, pin, force }: { plan: ImportPlan; pin: PinnedSource; force: boolean },
        { signal, report, runId, activityId, attempt },
      ): Promise<Download> => {
        const { entry, configDigest, settings } = plan;
        let known: ArrivingFile | undefined;
        const onProgress = ({ bytes, totalBytes, file, arriving }: DownloadProgress): void => {
          if (arriving && arriving.file !== known?.file) arrivals.begin(runId, plan, arriving);
          known = arriving;
          report({
            ...{ doing: 'downloading', unit: 'bytes', done: bytes },
            ...(file !== undefined && { name: file }),
            // A source may announce less than it sends.
            ...(totalBytes !== undefined && {
              total: totalBytes,
              percent: totalBytes === 0 ? 100 : Math.min(100, (100 * bytes) / totalBytes),
            }),
          });
        };
        // Of an attempt before.
        await arrivals.end(runId, entry.name);
        const request = { entry, pin, limits: settings.limits, force, runId };
        const cached = await work
          .obtain(request, { signal, onProgress })
          .catch(async (error: unknown) => {
            await arrivals.end(runId, entry.name);
            const isFull = error instanceof ImportError && error.code === 'DISK_FULL';
            if (!isFull || attempt >= HOSTS_ASKED) throw error;
            // The queue is everybody's: whoever has time next may have the room.
            throw new ImportError('HOST_FULL', { ...error.context, cause: error });
          });
        const digest8 = contentDigest8(cached.checksum, configDigest);
        const run = { runId, activityId };
        return {
          cached,
          hostQueue: TASK_QUEUES.host(await cache.hostId()),
          prefix: publicationPrefix(store.root, entry.name, pin.version, digest8, run),
        };
      },
    ),
  };
}
