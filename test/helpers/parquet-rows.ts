/** Reads Parquet with hyparquet, a reader that shares nothing with DuckDB. */
import { parquetRead } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

/** A Date would cut microseconds, and before 1970 in the other direction. */
const parsers = { timestampFromMicroseconds: (microseconds: bigint) => microseconds };

/**
 * Timestamps are microseconds since 1970, of UTC. Rows as arrays in the order of the columns: as objects, columns with names such as `150` would
 * come first, whatever their place in the table.
 */
export async function parquetRows(file: ArrayBuffer): Promise<unknown[][]> {
  let rows: unknown[][] = [];
  await parquetRead({
    file,
    compressors,
    parsers,
    onComplete: (read) => (rows = read as unknown[][]),
  });
  return rows;
}
