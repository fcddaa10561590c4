/** Runs of imports: what is recorded of their start and of their end. */
import type { FailedTables, KeptFiles } from '../contract.js';

/** One execution of a workflow. */
export interface RunId {
  readonly workflowId: string;
  readonly runId: string;
}

/** How a run has ended, told by Temporal in its place. */
export interface RunEnd {
  /** `published`, `failed`, `cancelled`, `terminated`, `timed-out`, or `lost` when Temporal has forgotten it. */
  readonly outcome: string;
  /** ISO 8601, UTC. */
  readonly endedAt: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
}

export interface ImportStart extends RunId {
  readonly dataset: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Of Temporal, which alone knows how the run goes on. */
  readonly namespaceId?: string;
  /** Of the batch that it is part of. */
  readonly batchId?: string;
}

export interface ImportEnd extends ImportStart {
  /** ISO 8601, UTC. */
  readonly endedAt: string;
  readonly outcome: string;
  readonly stageMs: Readonly<Record<string, number>>;
  readonly sourceBytes: number;
  readonly parquetBytes: number;
  readonly transferredBytes: number;
  readonly rows: number;
  readonly tables: number;
  readonly cacheHit?: boolean;
  readonly prefix?: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly nextStep?: string;
  /** Tables taken over unchanged. */
  readonly carriedOver?: number;
  readonly rejects?: number;
  readonly warnings?: readonly string[];
  readonly failed?: FailedTables;
  readonly kept?: KeptFiles;
  readonly skipped?: string;
}

/** One row of `imports`. */
export interface ImportRecord extends ImportStart {
  readonly endedAt?: string;
  /** `running` until it has ended. */
  readonly outcome: string;
  readonly durationMs?: number;
  readonly stageMs: Readonly<Record<string, number>>;
  readonly sourceBytes?: number;
  readonly parquetBytes?: number;
  readonly transferredBytes?: number;
  readonly rows?: number;
  readonly tables?: number;
  readonly cacheHit?: boolean;
  readonly prefix?: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
}
