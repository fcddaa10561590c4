/** What client, workflows and activities agree on: queues, workflow ids, inputs, results, search attributes. */
import type { Outcome, FailureSummary, ImportResult } from './import-result.js';

export type * from './import-result.js';

export const TASK_QUEUES = {
  /** Workflows, and the activities that any host can run. */
  control: 'kaggle-import',
  /** Downloads: rate-limited for all workers together. */
  download: 'kaggle-import-download',
  /** Work on the files of one host; `hostId` is stable across restarts. */
  host: (hostId: string): string => `kaggle-import-host-${hostId}`,
  /** Small work on the same host, which must not wait behind its conversions. */
  upkeep: (hostQueue: string): string => `${hostQueue}-upkeep`,
} as const;

export const IMPORT_ALL_WORKFLOW_ID = 'import-all';

/** Of the workflows that keep the published in order; one of each at a time. */
export const GC_WORKFLOW_ID = 'gc';
export const VERIFY_WORKFLOW_ID = 'verify';

export function importWorkflowId(dataset: string): string {
  return `import:${dataset}`;
}

/** Of the workflow that carries out a decision about a held version; two decisions go one after the other. */
export function driftWorkflowId(dataset: string): string {
  return `drift:${dataset}`;
}

export interface ImportDatasetInput {
  /** A name from the configuration. */
  readonly dataset: string;
  /** Ignores the cache and the current publication. */
  readonly force?: boolean;
  /** Set by `importAll`, which has asked once for all its children. */
  readonly authChecked?: boolean;
}

export interface ImportAllInput {
  /** Of a batch that has continued as new; nobody else sets it. */
  readonly continued?: BatchState;
  /** Results of a batch of the version before; nobody else sets it. */
  readonly finished?: readonly ImportResult[];
  /** Only these datasets. */
  readonly only?: readonly string[];
  /** Only datasets of one of these domains, as they are configured when the batch begins. */
  readonly domains?: readonly string[];
  /** Leaves out `large_dataset` entries. */
  readonly small?: boolean;
  readonly force?: boolean;
  /** Imports side by side; when absent, the configuration's `max_parallel` for each worker that takes downloads. */
  readonly maxParallel?: number;
}

/** What a batch takes along when it continues as new: names of what is under way, never results. */
export interface BatchState {
  readonly total: number;
  readonly parallel: number;
  /** Of the last dataset that was looked at; absent when all have been. */
  readonly cursor?: number;
  /** Looked at, changed, and not begun. */
  readonly pending: readonly string[];
  readonly inFlight: ReadonlyArray<{ readonly dataset: string; readonly runId: string }>;
  /** Of those pending and in flight, the large ones. */
  readonly large?: readonly string[];
  readonly counts: BatchCounts;
  /** Credentials that were refused: what needs them has failed, the rest goes on. */
  readonly refused?: FailureSummary;
}

/** Datasets by outcome. */
export type BatchCounts = Readonly<Partial<Record<Outcome, number>>>;

export const STAGES = [
  'starting',
  'checking-credentials',
  'resolving',
  'downloading',
  'unpacking',
  'converting',
  'publishing',
  'waiting',
  'cleaning-up',
  'done',
] as const;
export type Stage = (typeof STAGES)[number];

/**
 * How far one activity is: in its heartbeats, and through them in every view of progress. Kept small, for a
 * heartbeat goes out every few seconds.
 */
export interface StepProgress {
  readonly doing: 'downloading' | 'unpacking' | 'converting' | 'storing' | 'keeping';
  /** The table or file that is worked on. */
  readonly name?: string;
  /** Of a conversion: `reading`, `proving`, `writing`, `profiling`, each from 0 to 100 per cent. */
  readonly phase?: string;
  /** Of this phase; absent when nobody knows how much there is. */
  readonly percent?: number;
  readonly unit: 'bytes' | 'rows';
  /** In `unit`, of this phase. */
  readonly done: number;
  readonly total?: number;
  /** In `unit`, over the last seconds; 0 when nothing moves. */
  readonly perSecond?: number;
  /** Until the end of this phase, at the speed of the last seconds. */
  readonly secondsLeft?: number;
}

/** Answer of the `progress` query. */
export interface ImportProgress {
  readonly dataset: string;
  readonly stage: Stage;
  /** When the stage began; ISO 8601, UTC. */
  readonly since: string;
  readonly version?: string;
  readonly tables: number;
  readonly tablesConverted: number;
  readonly tablesStored: number;
  readonly bytes: number;
  readonly rows: number;
  /** Why the import waits, and what a person can do. */
  readonly waitingFor?: string;
  readonly stageMs: Readonly<Partial<Record<Stage, number>>>;
  /** What is being done, of tables side by side several; seconds to a minute old when asked of the workflow. */
  readonly steps: readonly StepProgress[];
}

/** How each dataset of the batch went stands in the catalog. */
export interface ImportAllResult {
  readonly batchId: string;
  readonly total: number;
  readonly counts: BatchCounts;
}

/** Beside the summary among the details of IMPORTS_FAILED. */
export interface ImportAllFailure extends ImportAllResult {
  /** The first of them. */
  readonly failures: ReadonlyArray<{ readonly dataset: string; readonly errorCode?: string }>;
}

/** Bounded, however many datasets a batch has. */
export interface ImportAllProgress {
  readonly batchId: string;
  readonly total: number;
  readonly running: readonly string[];
  readonly counts: BatchCounts;
  /** Those that ended last, oldest first. */
  readonly recent: readonly ImportResult[];
}

export interface DecideDriftInput {
  readonly dataset: string;
}

/** What an update of `decideDrift` takes. */
export interface DriftUpdate {
  /** By the source, or by the folder of its objects; the one that is held when absent. */
  readonly version?: string;
}

export interface DriftDecision {
  readonly dataset: string;
  readonly version: string;
  readonly decision: 'approve' | 'reject';
  /** False when it was decided so before. */
  readonly hasChanged: boolean;
}

/** Result of `collectGarbage`: what has gone. */
export interface GarbageResult {
  readonly versions: number;
  readonly objects: number;
  readonly bytes: number;
}

export interface VerifyInput {
  /** Only this one; the current versions of all when absent. */
  readonly dataset?: string;
  /** Also converts the sources again that the cache has, compares, and puts back what is damaged. */
  readonly deep?: boolean;
}

/** Result of `verifyPublished`. */
export interface VerifyResult {
  readonly versions: number;
  readonly objects: number;
  readonly bytes: number;
  readonly problems: number;
  /** The first datasets that have one. */
  readonly broken: readonly string[];
  /** When it was asked to go deep. */
  readonly deep?: DeepResult;
}

/** What came of converting sources again. */
export interface DeepResult {
  /** Tables that are, cell by cell, what their source is. */
  readonly compared: number;
  /** Objects that were damaged, and hold the right bytes again. */
  readonly repaired: number;
  /** What could not be compared. */
  readonly skipped: number;
  /** The first of them: `iris: the cache of this host does not have its source (any more)`. */
  readonly reasons: readonly string[];
}

export const APPROVE_DRIFT_UPDATE = 'approveDrift';
export const REJECT_DRIFT_UPDATE = 'rejectDrift';
export const PROGRESS_QUERY = 'progress';
export const RETRY_NOW_SIGNAL = 'retryNow';
/** An import of a batch tells it that it waits: its place is another's. */
export const WAITS_SIGNAL = 'waits';
/** Among the memo of an import: the batch that it is part of. */
export const BATCH_MEMO = 'batch';
/** Among the memo of a batch: receivers that were told of its end past the catalog. */
export const TOLD_MEMO = 'told';
/** A worker tells its workflow how far a long step is: workflows do not see heartbeats. */
export const STEP_PROGRESS_SIGNAL = 'stepProgress';

/** Registered on the namespace by the stack and by `temporal/`. */
export const SEARCH_ATTRIBUTES = {
  dataset: 'KaggleDataset',
  stage: 'ImportStage',
  outcome: 'ImportOutcome',
} as const;
