/** The download, on the shared, rate-limited queue; every step after it runs on the host that has the bytes. */
import { TASK_QUEUES } from '../contract.js';
import type { DownloadProgress } from '../cache/obtain.js';
import type { CacheEntry } from '../cache/types.js';
import { contentDigest8, publicationPrefix } from '../config/digest.js';
import type { BytesWork } from '../pool/index.js';
import type { Resources } from '../resources.js';
import type { PinnedSource } from '../source/types.js';
import type { ImportPlan } from './prepare.js';
import { activity } from './step.js';

export interface Download {
  readonly cached: CacheEntry;
  /** The queue of the host that has the bytes. */
  readonly hostQueue: string;
  /** Where this publication's objects go; nobody else writes there. */
  readonly prefix: string;
}

export function downloadActivities({ cache, store }: Resources, work: BytesWork) {
  return {
    downloadToCache: activity(
      async (
        { plan, pin, force }: { plan: ImportPlan; pin: PinnedSource; force: boolean },
        { signal, report, runId, activityId },
      ): Promise<Download> => {
        const { entry, configDigest, settings } = plan;
        const onProgress = ({ bytes, totalBytes, file }: DownloadProgress): void =>
          report({
            ...{ doing: 'downloading', unit: 'bytes', done: bytes },
            ...(file !== undefined && { name: file }),
            // A source may announce less than it sends.
            ...(totalBytes !== undefined && {
              total: totalBytes,
              percent: totalBytes === 0 ? 100 : Math.min(100, (100 * bytes) / totalBytes),
            }),
          });
        const request = { entry, pin, limits: settings.limits, force, runId };
        const cached = await work.obtain(request, { signal, onProgress });
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
