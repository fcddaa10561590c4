/** The steps of one host in their order: each a task of its own, or for a small dataset one after the other in one. */
import type { Download } from './activities/download.js';
import type { StepActivities } from './activities/index.js';
import type { ImportPlan } from './activities/prepare.js';
import type { Published } from './activities/publish.js';
import type { FailedTables, FailureSummary, KeptFiles } from './contract.js';
import type { ConvertedTable } from './convert/types.js';
import type { PinnedSource } from './source/types.js';
import { mapWithLimit } from './workflows/map-with-limit.js';

/** Tables converted and stored side by side within one import. */
const TABLES_IN_PARALLEL = 2;

/** In a result: all of them are in the catalog. */
const MAX_FAILED = 20;

export type HostSteps = Pick<
  StepActivities,
  'unpack' | 'convertTable' | 'storeTable' | 'keepFiles' | 'publish'
>;

export interface HostStepsRequest {
  readonly plan: ImportPlan;
  readonly pin: PinnedSource;
  readonly force: boolean;
  readonly download: Download;
}

/** Whoever shows how far it is, and decides about what fails. */
export interface HostWatch {
  /** With what is carried over. */
  onUnpacked(tables: number, sourceBytes: number): void;
  onConverted(table: ConvertedTable): void;
  onStored(table: string): void;
  onPublishing(): void;
  /** What the version is published without; `undefined` when the error is the import's. */
  failureOf(table: string, error: unknown): FailureSummary | undefined;
  /** Asked where there are files to keep. */
  keepsFiles(): boolean;
}

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

/** Throws what the first step throws that fails; deterministic, for it is a workflow's part as well. */
export async function workOnHost(
  steps: HostSteps,
  { plan, pin, force, download }: HostStepsRequest,
  watch: HostWatch,
): Promise<HostWork> {
  const { cached, prefix } = download;
  const cacheKey = cached.key;
  const unpacked = await steps.unpack({ plan, cacheKey, force, about: pin.description });
  const { tables, carriedOver, carriedRows, sourceBytes, skipped, keeps } = unpacked;

  // Thousands of tables: each carries only what it writes into its Parquet, or the history grows past its limit.
  const { states: _states, ...known } = pin;
  const { licence } = pin.description;
  const origin: PinnedSource = { ...known, description: licence === undefined ? {} : { licence } };
  const tableCount = tables.length + carriedOver.length;
  watch.onUnpacked(tableCount, sourceBytes);
  const failures: Array<{ name: string; error: unknown; told: FailureSummary }> = [];
  const isAlone = tableCount === 1;
  const finished = await mapWithLimit(tables, TABLES_IN_PARALLEL, async (table) => {
    const { checksum } = cached;
    let converted: ConvertedTable;
    try {
      converted = await steps.convertTable({ plan, table, pin: origin, checksum, tableCount });
    } catch (error) {
      const told = isAlone ? undefined : watch.failureOf(table.name, error);
      if (!told) throw error;
      failures.push({ name: table.name, error, told });
      return undefined;
    }
    watch.onConverted(converted);
    const request = { dataset: plan.entry.name, prefix, table: converted };
    const stored = await steps.storeTable(request);
    watch.onStored(table.name);
    return { converted, stored };
  });

  const whole = finished.filter((table) => table !== undefined);
  // Nothing is left to be published.
  if (failures[0] && whole.length + carriedOver.length === 0) throw failures[0].error;

  const kept =
    keeps !== undefined && watch.keepsFiles()
      ? await steps.keepFiles({ plan, cacheKey, prefix, force, files: keeps })
      : undefined;

  watch.onPublishing();
  const stored = whole.map((table) => table.stored);
  const names = failures.map(({ name }) => name);
  const published: Partial<Published> = await steps.publish({
    ...{ plan, pin, cached, prefix, tables: stored, carriedOver },
    ...(names.length > 0 && { failed: names }),
  });
  const converted = whole.map((table) => table.converted);
  const told = failures.map((failure) => ({ table: failure.name, ...failure.told }));
  const failed = failedTables([unpacked.failed, kept?.failed], told);
  return {
    download,
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

/** A warning of an import whose version is current all the same. */
export function pointerIsBehind(problem: string): string {
  return `current.json is behind until the next import: ${problem}`;
}

/** Files that hold no table because they failed, and tables that did. */
function failedTables(
  unread: ReadonlyArray<FailedTables | undefined>,
  told: FailedTables['first'],
): FailedTables | undefined {
  const count = unread.reduce((sum, files) => sum + (files?.count ?? 0), 0) + told.length;
  const first = unread.flatMap((files) => files?.first ?? []);
  if (count === 0) return undefined;
  return { count, first: [...first, ...told].slice(0, MAX_FAILED) };
}
