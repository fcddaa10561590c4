/** How an import went, as its workflow, the catalog and the commands tell it. */

export type Outcome =
  | 'published'
  /** Stored, and waits until a person approves or rejects it. */
  | 'held'
  | 'up-to-date'
  | 'already-running'
  | 'failed'
  | 'cancelled'
  /** A batch has gone on without it; it goes on by itself. */
  | 'waiting';

/** One failure, as results and the catalog carry it. */
export interface FailureSummary {
  readonly code: string;
  readonly message: string;
  readonly nextStep: string;
}

/** A table, or a file that may hold some, that is published without. */
export interface TableFailure extends FailureSummary {
  /** The name of the table, or the path of the file. */
  readonly table: string;
}

/** Files that are no tables, stored or listed as they are. */
export interface KeptFiles {
  readonly files: number;
  readonly bytes: number;
}

/** What new files have come to a table of like files, whose older parts are kept. */
export interface AppendedFiles {
  readonly table: string;
  readonly files: number;
  readonly rows: number;
  /** The source's version that it has been appended to. */
  readonly to: string;
}

/** What a version is published without, by `on_table_failure: publish_others`. */
export interface FailedTables {
  readonly count: number;
  /** Bounded: all of them are in the catalog. */
  readonly first: readonly TableFailure[];
}

/** Result of `importDataset`, and one line of the result of `importAll`. */
export interface ImportResult {
  readonly dataset: string;
  readonly outcome: Outcome;
  readonly version?: string;
  readonly prefix?: string;
  readonly tables: number;
  /** Tables taken over unchanged from the publication before. */
  readonly carriedOver: number;
  /** Of the tables that were converted. */
  readonly rows: number;
  /** Of those that were taken over. */
  readonly carriedRows?: number;
  readonly rejects: number;
  readonly sourceBytes: number;
  readonly parquetBytes: number;
  readonly transferredBytes: number;
  /** True when the cache had every byte; absent when the cache was not asked. */
  readonly cacheHit?: boolean;
  readonly durationMs: number;
  readonly warnings: readonly string[];
  /** What of the dataset is no table, counted by kind: `120 jpg, 2 ipynb`. */
  readonly skipped?: string;
  readonly failed?: FailedTables;
  readonly kept?: KeptFiles;
  /** The first of them. */
  readonly appended?: readonly AppendedFiles[];
  readonly failure?: FailureSummary;
}
