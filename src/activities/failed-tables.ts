/** What a version is published without: kept on the host until it is published, told in a few lines. */
import type { FailedTables } from '../contract.js';
import type { SkippedFile, TableSource } from '../convert/types.js';
import { ImportError } from '../errors/index.js';
import { TABLE_FAILURE_CODES } from '../errors/waits.js';

/** A table that has failed, as the catalog lists it. */
export interface FailedTable extends SkippedFile {
  readonly name: string;
}

/** In a result: all of them are in the catalog. */
const MAX_FIRST = 20;

/** Nothing for what is not the fault of the table. */
export function failureOf(
  { name, originalPath, sourceBytes }: TableSource,
  error: unknown,
): FailedTable | undefined {
  if (!(error instanceof ImportError) || !TABLE_FAILURE_CODES.includes(error.code)) {
    return undefined;
  }
  const { code, message, nextStep } = error;
  const failure = { code, nextStep, table: name };
  return { name, originalPath, bytes: sourceBytes, reason: message, failure };
}

/** Of files that hold no table because they failed. */
export function failedOf(skipped: readonly SkippedFile[]): { readonly failed?: FailedTables } {
  const failed = skipped.flatMap(({ originalPath, reason, failure }) =>
    failure
      ? [{ table: failure.table ?? originalPath, message: reason, ...withoutTable(failure) }]
      : [],
  );
  if (failed.length === 0) return {};
  return { failed: { count: failed.length, first: failed.slice(0, MAX_FIRST) } };
}

function withoutTable({ code, nextStep }: NonNullable<SkippedFile['failure']>) {
  return { code, nextStep };
}
