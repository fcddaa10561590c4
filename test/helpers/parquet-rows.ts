/** Reads Parquet with hyparquet, a reader that shares nothing with DuckDB. */
import { parquetRead } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

/**
 * Rows as arrays in the order of the columns: as objects, columns with names such as `150` would
 * come first, whatever their place in the table.
 */
export async function parquetRows(file: ArrayBuffer): Promise<unknown[][]> {
  let rows: unknown[][] = [];
  await parquetRead({ file, compressors, onComplete: (read) => (rows = read as unknown[][]) });
  return rows;
}
