/** Recognises a full disk behind an error, whoever wrote to it. */

/** What DuckDB prints of ENOSPC (strerror(3)); it gives no code. */
const DUCKDB_TEXT = /No space left on device|Disk quota exceeded/;

export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT' || DUCKDB_TEXT.test(error.message)) return true;
  return isDiskFull(error.cause);
}
