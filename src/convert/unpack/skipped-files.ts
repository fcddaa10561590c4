/** What of a dataset is no table: kept on the host until it is published, told in a few words. */
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { FailedTables } from '../../contract.js';
import { jsonLines, writeJsonLines } from '../../json-lines.js';
import type { SkippedFile } from '../types.js';
import { skippedKinds } from './skipped-kinds.js';

/** In a result: all of them are in the catalog. */
const MAX_FIRST = 20;

export function skippedFileOf(workDirectory: string): string {
  return join(workDirectory, 'skipped.ndjson');
}

export async function writeSkipped(
  workDirectory: string,
  skipped: readonly SkippedFile[],
): Promise<void> {
  const file = skippedFileOf(workDirectory);
  await writeJsonLines(`${file}.tmp`, skipped);
  await rename(`${file}.tmp`, file);
}

export function readSkipped(workDirectory: string): AsyncGenerator<SkippedFile, void, undefined> {
  return jsonLines(skippedFileOf(workDirectory)) as AsyncGenerator<SkippedFile, void, undefined>;
}

export interface ToldSkipped {
  /** Counted by kind, in words. */
  readonly skipped?: string;
  /** Files that could not be read, with `on_table_failure: publish_others`. */
  readonly failed?: FailedTables;
  /** So many files are to be kept as they are. */
  readonly keeps?: number;
}

/** @param keepsFiles `keep_files` says so */
export function tellSkipped(skipped: readonly SkippedFile[], keepsFiles: boolean): ToldSkipped {
  const isKept = ({ keeps }: SkippedFile): boolean => keepsFiles && keeps === true;
  const kinds = skippedKinds(skipped.filter((file) => !isKept(file)));
  const kept = skipped.filter(isKept).length;
  return {
    ...(kinds !== undefined && { skipped: kinds }),
    ...failedOf(skipped),
    ...(kept > 0 && { keeps: kept }),
  };
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
