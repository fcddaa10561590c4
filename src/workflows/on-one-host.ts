/** From the download to the publication: everything that needs the files, so everything on one host. */
import { log, patched, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { Download } from '../activities/download.js';
import type { ImportPlan } from '../activities/prepare.js';
import type { Published } from '../activities/publish.js';
import type { FailedTables, KeptFiles } from '../contract.js';
import type { ConvertedTable } from '../convert/types.js';
import type { PinnedSource } from '../source/types.js';
import { download, onHost, storing, TABLES_IN_PARALLEL, upkeep } from './activity-options.js';
import { isTableFailure, isUntaken, summaryOf } from './failures.js';
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
  readonly carriedRows?: number;
  readonly sourceBytes: number;
  /** What is no table, counted by kind, in words. */
  readonly skipped?: string;
  /** What it is published without. */
  readonly failed?: FailedTables;
  /** Files that are no tables. */
  readonly kept?: KeptFiles;
}

/** In a result: all of them are in the catalog. */
const MAX_FAILED = 20;

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
  const { storeTable, publish, keepFiles } = proxyActivities<Activities>(
    storing(hostQueue, minutes),
  );
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
  const {
    tables,
    carriedOver,
    carriedRows,
    sourceBytes,
    skipped,
    failed: unread,
    keeps,
  } = await there(() => unpack({ plan, cacheKey: cached.key, force, about: pin.description }));

  // Thousands of tables: each carries only what it writes into its Parquet, or the history grows past its limit.
  const { states: _states, ...known } = pin;
  const { licence } = pin.description;
  const origin: PinnedSource = { ...known, description: licence === undefined ? {} : { licence } };
  const tableCount = tables.length + carriedOver.length;
  progress.enter('converting', { tables: tableCount, bytes: sourceBytes });
  const failures: Array<{ name: string; error: unknown }> = [];
  const isAlone = tableCount === 1;
  const finished = await mapWithLimit(tables, TABLES_IN_PARALLEL, async (table) => {
    const { checksum } = cached;
    let converted: ConvertedTable;
    try {
      converted = await there(() =>
        convertTable({ plan, table, pin: origin, checksum, tableCount }),
      );
    } catch (error) {
      if (isAlone || !isPublishedWithout(plan, error)) throw error;
      log.warn('A table has failed; the others are published', { table: table.name });
      failures.push({ name: table.name, error });
      progress.rest(table.name);
      return undefined;
    }
    progress.rest(table.name);
    const { tablesConverted, rows } = progress.current;
    progress.add({ tablesConverted: tablesConverted + 1, rows: rows + converted.rows });
    const request = { dataset: plan.entry.name, prefix, table: converted };
    const stored = await there(() => storeTable(request));
    progress.rest(table.name);
    progress.add({ tablesStored: progress.current.tablesStored + 1 });
    return { converted, stored };
  });

  const whole = finished.filter((table) => table !== undefined);
  // Nothing is left to be published.
  if (failures[0] && whole.length + carriedOver.length === 0) throw failures[0].error;

  const kept =
    keeps !== undefined && patched('files-are-kept')
      ? await there(() => keepFiles({ plan, cacheKey: cached.key, prefix, force, files: keeps }))
      : undefined;

  progress.enter('publishing');
  const stored = whole.map((table) => table.stored);
  const names = failures.map(({ name }) => name);
  const published: Partial<Published> = await there(() =>
    publish({
      ...{ plan, pin, cached, prefix, tables: stored, carriedOver },
      ...(names.length > 0 && { failed: names }),
    }),
  );
  const converted = whole.map((table) => table.converted);
  const failed = failedTables([unread, kept?.failed], failures);
  return {
    download: downloaded,
    // A worker of the version before said nothing of these.
    prefix: published.prefix ?? prefix,
    held: published.held ?? false,
    drift: published.drift ?? [],
    ...{ converted, carriedOver, sourceBytes },
    ...(carriedRows !== undefined && { carriedRows }),
    ...(skipped !== undefined && { skipped }),
    ...(failed && { failed }),
    ...(kept && { kept: { files: kept.files, bytes: kept.bytes } }),
  };
}

/** Whether the version is published without the table that has failed. */
function isPublishedWithout({ entry }: ImportPlan, error: unknown): boolean {
  const isAsked = entry.on_table_failure === 'publish_others';
  // Imports that a worker of the version before has ended with it go on to their end.
  return isAsked && isTableFailure(error) && patched('others-are-published');
}

/** Files that hold no table because they failed, and tables that did. */
function failedTables(
  unread: ReadonlyArray<FailedTables | undefined>,
  failures: ReadonlyArray<{ readonly name: string; readonly error: unknown }>,
): FailedTables | undefined {
  const count = unread.reduce((sum, files) => sum + (files?.count ?? 0), 0);
  const first = unread.flatMap((files) => files?.first ?? []);
  if (count + failures.length === 0) return undefined;
  const told = failures.map(({ name, error }) => ({ table: name, ...summaryOf(error) }));
  return { count: count + failures.length, first: [...first, ...told].slice(0, MAX_FAILED) };
}
