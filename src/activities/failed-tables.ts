/** What a version is published without: kept on the host until it is published, told in a few lines. */
import type { SkippedFile, TableSource } from '../convert/types.js';
import { ImportError } from '../errors/index.js';
import { TABLE_FAILURE_CODES } from '../errors/waits.js';

/** A table that has failed, as the catalog lists it. */
export interface FailedTable extends SkippedFile {
  readonly name: string;
}

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
