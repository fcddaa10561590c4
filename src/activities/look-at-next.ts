/** A batch looks at many datasets at once: what has not changed ends here, and starts no workflow of its own. */
import { mapLimited } from '../cache/map-limited.js';
import type { EndWithoutRun } from '../catalog/index.js';
import type { DatasetsConfig } from '../config/datasets.js';
import type { BatchCounts, FailureSummary, ImportResult } from '../contract.js';
import { ImportError } from '../errors/index.js';
import { OUTAGE_CODES } from '../errors/waits.js';
import { movePointer } from '../publication/pointer.js';
import type { Resources } from '../resources.js';
import { planOf, resolve } from './prepare.js';

export interface LookRequest {
  readonly batchId: string;
  /** Position of the last dataset that was looked at; 0 at the beginning. */
  readonly after: number;
  readonly force: boolean;
  /** Credentials that were refused: what needs them is not asked for. */
  readonly refused?: FailureSummary;
}

export interface Looked {
  /** Of the last one looked at; absent when none is left. */
  readonly cursor?: number;
  /** Those that need an import of their own. */
  readonly pending: readonly string[];
  /** Of these, those that are likely to take long; a look of the version before names none. */
  readonly large?: readonly string[];
  /** Of those that have ended here. */
  readonly counts: BatchCounts;
  readonly recent: readonly ImportResult[];
}

/** At five requests a second to Kaggle, some twenty seconds. */
const AT_A_TIME = 100;
const SIDE_BY_SIDE = 8;
const MAX_RECENT = 20;

/** Minutes of work: of the version before, for nobody has asked how large the new one is. */
const LARGE_BYTES = 1e9;

/** Throws what is wrong with a source that is away for all of them: the look is repeated as a whole. */
export async function lookAtNext(
  resources: Resources,
  { batchId, after, force, refused }: LookRequest,
  signal: AbortSignal,
): Promise<Looked> {
  const { batches } = resources.catalog;
  const next = await batches.next(batchId, after, AT_A_TIME);
  const config = await resources.loadConfig();
  const ends: EndWithoutRun[] = [];
  const pending: string[] = [];
  const look = async (dataset: string): Promise<void> => {
    const end = await endOf(dataset);
    if (end) ends.push(end);
    else pending.push(dataset);
  };
  await mapLimited(next, SIDE_BY_SIDE, ({ dataset }) => look(dataset));
  const order = new Map(next.map(({ dataset, position }) => [dataset, position]));
  pending.sort((one, other) => order.get(one)! - order.get(other)!);
  await batches.record(batchId, ends);
  const large = next
    .filter(({ sourceBytes = 0 }) => sourceBytes >= LARGE_BYTES)
    .map(({ dataset }) => dataset);
  const isLarge = (dataset: string): boolean =>
    large.includes(dataset) || config.datasets.get(dataset)?.large_dataset === true;
  const cursor = next.length < AT_A_TIME ? undefined : next.at(-1)?.position;
  return {
    ...(cursor !== undefined && { cursor }),
    pending,
    large: pending.filter(isLarge),
    counts: countsOf(ends),
    recent: ends.slice(-MAX_RECENT).map(resultOf),
  };

  /** `undefined` for one that needs an import of its own, which also tells what is wrong with it. */
  async function endOf(dataset: string): Promise<EndWithoutRun | undefined> {
    const startedAt = new Date().toISOString();
    if (refused && asksKaggle(config, dataset)) {
      const { code, message, nextStep } = refused;
      const failure = { errorCode: code, errorMessage: message, nextStep };
      return { ...{ dataset, startedAt, endedAt: startedAt, outcome: 'failed' }, ...failure };
    }
    if (force || !config.datasets.has(dataset)) return undefined;
    const unchanged = await currentOf(dataset);
    if (!unchanged) return undefined;
    const endedAt = new Date().toISOString();
    return { dataset, startedAt, endedAt, outcome: 'up-to-date', ...unchanged };
  }

  async function currentOf(dataset: string) {
    // The first import of a dataset is asked for its version once, by itself.
    if (!(await resources.catalog.findPublication(dataset))) return undefined;
    try {
      const { current, chosen } = await resolve(resources, planOf(config, dataset), signal);
      // Where somebody went back from the newest version, the import says so.
      // So it does where tables of the version have failed.
      if (!current || chosen !== undefined || current.failed) return undefined;
      // A killed import may have left an older pointer.
      await movePointer(resources, dataset, signal);
      return current;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ImportError && OUTAGE_CODES.includes(error.code)) throw error;
      return undefined;
    }
  }
}

function asksKaggle({ datasets }: DatasetsConfig, dataset: string): boolean {
  const entry = datasets.get(dataset);
  return entry !== undefined && entry.source === undefined;
}

function countsOf(ends: readonly EndWithoutRun[]): BatchCounts {
  const counts: Record<string, number> = {};
  for (const { outcome } of ends) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

function resultOf(end: EndWithoutRun): ImportResult {
  const { dataset, outcome, rows = 0, tables = 0, errorCode, errorMessage, nextStep } = end;
  const durationMs = Date.parse(end.endedAt) - Date.parse(end.startedAt);
  return {
    ...{ dataset, outcome: outcome as ImportResult['outcome'], rows, tables, durationMs },
    ...{ carriedOver: 0, rejects: 0, warnings: [] },
    ...{ sourceBytes: 0, parquetBytes: 0, transferredBytes: 0 },
    ...(errorCode !== undefined && {
      failure: { code: errorCode, message: errorMessage ?? '', nextStep: nextStep ?? '' },
    }),
  };
}
