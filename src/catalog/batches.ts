/** What the catalog keeps of batches: the order of their datasets, how each went, and how the whole ended. */
import type { FailedTables, KeptFiles } from '../contract.js';
import type { Database } from './database.js';
import { storableJson, storableText } from './json.js';
import { readRows } from './rows.js';
import * as sql from './statements/batches.js';

export interface BatchStart {
  /** The first run of `importAll`; a run that continues it is of the same batch. */
  readonly batchId: string;
  readonly workflowId: string;
  readonly namespaceId?: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
}

export interface BatchEnd {
  /** `finished`, `failed` as a whole, `cancelled`, `terminated`, `timed-out`, or `lost`. */
  readonly outcome: string;
  /** ISO 8601, UTC. */
  readonly endedAt: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
}

export type BatchRecord = BatchStart & Partial<BatchEnd> & { readonly outcome: string };

/** An import that the batch has brought to its end without a workflow. */
export interface EndWithoutRun {
  readonly dataset: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly outcome: string;
  /** Of the version that is current, when it is up to date. */
  readonly prefix?: string;
  readonly rows?: number;
  readonly tables?: number;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly nextStep?: string;
  readonly warnings?: readonly string[];
}

export interface NextOfBatch {
  readonly position: number;
  readonly dataset: string;
  /** Of the current version, unpacked. */
  readonly sourceBytes?: number;
}

/** Of a dataset that the batch did not bring to a good end. */
export interface BatchTrouble {
  readonly dataset: string;
  readonly outcome: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
}

/** A dataset that is published without some of its tables. */
export interface BatchIncomplete {
  readonly dataset: string;
  /** How many it is without. */
  readonly tables: number;
  /** One of them, and its error. */
  readonly first: string;
  readonly code: string;
  /** Of all such datasets. */
  readonly count: number;
}

/** One line of a batch; `outcome` also `not-reached`, `waiting` or `already-running`. */
export interface BatchResult {
  readonly dataset: string;
  readonly outcome: string;
  readonly version?: string;
  readonly prefix?: string;
  readonly tables: number;
  readonly carriedOver: number;
  readonly rows: number;
  readonly rejects: number;
  readonly sourceBytes: number;
  readonly parquetBytes: number;
  readonly transferredBytes: number;
  readonly cacheHit?: boolean;
  readonly durationMs: number;
  readonly warnings: readonly string[];
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly nextStep?: string;
  readonly failed?: FailedTables;
  readonly kept?: KeptFiles;
  readonly skipped?: string;
}

export interface Batches {
  start(batch: BatchStart): Promise<void>;
  /** What the batch is to import, in this order; again without effect. */
  select(batchId: string, names: readonly string[]): Promise<void>;
  /** At most so many behind the position `after`, which is 0 at the beginning. */
  next(batchId: string, after: number, most: number): Promise<NextOfBatch[]>;
  record(batchId: string, ends: readonly EndWithoutRun[]): Promise<void>;
  /** The batch goes on without the dataset. */
  leave(batchId: string, dataset: string, as: 'waiting' | 'already-running'): Promise<void>;
  counts(batchId: string): Promise<Readonly<Record<string, number>>>;
  /** Of these outcomes, in order, at most so many. */
  troubles(batchId: string, outcomes: readonly string[], most: number): Promise<BatchTrouble[]>;
  /** The first `most` that were published without some of their tables. */
  incomplete(batchId: string, most: number): Promise<BatchIncomplete[]>;
  /** How many failed the time before and did not in this batch. */
  recovered(batchId: string): Promise<number>;
  /** The one that ended before this one. */
  before(batchId: string): Promise<Pick<BatchRecord, 'outcome' | 'errorCode'> | undefined>;
  results(batchId: string): Promise<BatchResult[]>;
  /** False, and without effect, for one that has ended: unless `again`, by a run that was reset, and ended later. */
  close(batchId: string, end: BatchEnd, again?: boolean): Promise<boolean>;
  /** Those that ended minutes ago, or up to days, and of whose end nobody has told people. */
  untold(): Promise<(BatchStart & BatchEnd)[]>;
  /** Newest first. */
  last(limit: number): Promise<BatchRecord[]>;
  /** Those of these ids that are known, newest first. */
  among(batchIds: readonly string[]): Promise<BatchRecord[]>;
  unfinished(): Promise<BatchStart[]>;
  /** Forgets what began more than so many days ago. */
  retire(days: number): Promise<void>;
}

export function batches(database: Database): Batches {
  const rows = <T>(statement: string, values: readonly unknown[] = []): Promise<T[]> =>
    readRows<T>(database, statement, values);
  const execute = async (statement: string, values: readonly unknown[]): Promise<void> => {
    await database.execute(statement, values);
  };
  return {
    start: ({ batchId, workflowId, namespaceId, startedAt }) =>
      execute(sql.START_BATCH, [batchId, workflowId, namespaceId ?? null, startedAt]),
    select: (batchId, names) => execute(sql.SELECT_FOR_BATCH, [batchId, names]),
    next: (batchId, after, most) => rows(sql.NEXT_OF_BATCH, [batchId, after, most]),
    async record(batchId, ends) {
      if (ends.length > 0) await execute(sql.RECORD_ENDS, [batchId, storableJson(ends)]);
    },
    leave: (batchId, dataset, as) => execute(sql.LEAVE_BATCH, [batchId, dataset, as]),
    async counts(batchId) {
      const counted = await rows<{ outcome: string; count: number }>(sql.COUNT_OUTCOMES, [batchId]);
      return Object.fromEntries(counted.map(({ outcome, count }) => [outcome, count]));
    },
    troubles: (batchId, outcomes, most) =>
      rows<BatchTrouble>(sql.OUTCOMES_AMONG, [batchId, outcomes, most]),
    incomplete: (batchId, most) => rows<BatchIncomplete>(sql.INCOMPLETE_OF_BATCH, [batchId, most]),
    recovered: async (batchId) =>
      (await rows<{ count: number }>(sql.COUNT_RECOVERED, [batchId]))[0]!.count,
    before: async (batchId) => (await rows<BatchRecord>(sql.BATCH_BEFORE, [batchId]))[0],
    results: (batchId) => rows<BatchResult>(sql.RESULTS_OF_BATCH, [batchId]),
    async close(batchId, { endedAt, outcome, errorCode, errorMessage }, again = false) {
      const message = errorMessage === undefined ? null : storableText(errorMessage);
      const values = [batchId, endedAt, outcome, errorCode ?? null, message, again];
      return (await database.execute(sql.CLOSE_BATCH, values)) === 1;
    },
    untold: () => rows<BatchStart & BatchEnd>(sql.UNTOLD_BATCHES),
    last: (limit) => rows<BatchRecord>(sql.LAST_BATCHES, [limit]),
    among: (batchIds) => rows<BatchRecord>(sql.BATCHES_AMONG, [batchIds]),
    unfinished: () => rows<BatchStart>(sql.UNFINISHED_BATCHES),
    retire: (days) => execute(sql.RETIRE_BATCHES, [days]),
  };
}
