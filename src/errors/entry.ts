/** What one row of the error table holds. */

/** 1: an import failed, 2: usage or configuration, 3: a service or the source is unreachable, 130: interrupted. */
export type ExitCode = 1 | 2 | 3 | 130;

export interface ErrorEntry {
  /** What went wrong, in one sentence without place or values. */
  readonly summary: string;
  /** True when trying the same thing again, later, can succeed without a person. */
  readonly retryable: boolean;
  readonly exitCode: ExitCode;
  /** What the reader of the message should do now; a whole sentence. */
  readonly nextStep: string;
}

/** Keeps the literal keys of a table while checking its rows. */
export function errorTable<K extends string>(table: Record<K, ErrorEntry>): Record<K, ErrorEntry> {
  return table;
}
