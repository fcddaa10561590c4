/** From the download to the publication: everything that needs the files, so everything on one host. */
import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { Download } from '../activities/download.js';
import type { ImportPlan } from '../activities/prepare.js';
import type { Published } from '../activities/publish.js';
import type { ConvertedTable } from '../convert/types.js';
import type { PinnedSource } from '../source/types.js';
import { download, onHost, storing, TABLES_IN_PARALLEL, upkeep } from './activity-options.js';
import { isUntaken } from './failures.js';
import { mapWithLimit } from './map-with-limit.js';
import type { ProgressTracker } from './progress.js';

const { downloadToCache } = proxyActivities<Activities>(download);

export interface HostWork {
  readonly download: Download;
  /** Of the version that is current or held now: an older one, when this one would only have repeated it. */
  readonly prefix: string;
  /** It waits for a person, and is not current. */
  readonly held: boolean;
  /** Past the limits of `drift:`, in words. */
  readonly drift: readonly string[];
  readonly converted: readonly ConvertedTable[];
  readonly carriedOver: readonly string[];
  readonly sourceBytes: number;
  /** What is no table, counted by kind, in words. */
  readonly skipped?: string;
}

export interface HostRequest {
  readonly plan: ImportPlan;
  readonly pin: PinnedSource;
  readonly force: boolean;
  readonly progress: ProgressTracker;
  /** Called as soon as a host has files of this import, so that they can be removed whatever happens. */
  readonly onDownloaded: (download: Download) => void;
}

export async function importOnOneHost(request: HostRequest): Promise<HostWork> {
  const { plan, pin, force, progress } = request;
  progress.enter('downloading');
  const downloaded = await downloadToCache({ plan, pin, force });
  const { cached, hostQueue, prefix } = downloaded;
  request.onDownloaded(downloaded);
  const { host_lost_after_minutes: minutes } = plan.settings;
  const { unpack, convertTable } = proxyActivities<Activities>(onHost(hostQueue, minutes));
  const { storeTable, publish } = proxyActivities<Activities>(storing(hostQueue, minutes));
  const { answer } = proxyActivities<Activities>(upkeep(hostQueue, minutes));

  /** A busy host takes the task later; one that does not even answer is gone, and the answer's failure says so. */
  async function there<Result>(step: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await step();
      } catch (error) {
        if (!isUntaken(error)) throw error;
        await answer({});
      }
    }
  }

  progress.enter('unpacking', { bytes: cached.bytes });
  const { tables, carriedOver, sourceBytes, skipped } = await there(() =>
    unpack({ plan, cacheKey: cached.key, force }),
  );

  // Thousands of tables: each carries only what it writes into its Parquet, or the history grows past its limit.
  const { states: _states, ...known } = pin;
  const { licence } = pin.description;
  const origin: PinnedSource = { ...known, description: licence === undefined ? {} : { licence } };
  const tableCount = tables.length + carriedOver.length;
  progress.enter('converting', { tables: tableCount, bytes: sourceBytes });
  const finished = await mapWithLimit(tables, TABLES_IN_PARALLEL, async (table) => {
    const { checksum } = cached;
    const converted = await there(() =>
      convertTable({ plan, table, pin: origin, checksum, tableCount }),
    );
    progress.rest(table.name);
    const { tablesConverted, rows } = progress.current;
    progress.add({ tablesConverted: tablesConverted + 1, rows: rows + converted.rows });
    const request = { dataset: plan.entry.name, prefix, table: converted };
    const stored = await there(() => storeTable(request));
    progress.rest(table.name);
    progress.add({ tablesStored: progress.current.tablesStored + 1 });
    return { converted, stored };
  });

  progress.enter('publishing');
  const stored = finished.map((table) => table.stored);
  const published: Partial<Published> = await there(() =>
    publish({ plan, pin, cached, prefix, tables: stored, carriedOver }),
  );
  const converted = finished.map((table) => table.converted);
  return {
    download: downloaded,
    // A worker of the version before said nothing of these.
    prefix: published.prefix ?? prefix,
    held: published.held ?? false,
    drift: published.drift ?? [],
    ...{ converted, carriedOver, sourceBytes },
    ...(skipped !== undefined && { skipped }),
  };
}
