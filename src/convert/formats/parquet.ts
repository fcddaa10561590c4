/** Describes a Parquet source: it is typed already, so it is copied with its schema kept. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { ImportError } from '../../errors/index.js';
import { quoteText } from '../relation.js';

export interface ParquetTable {
  readonly columns: ReadonlyArray<{
    readonly name: string;
    /** As DuckDB spells it. */
    readonly type: string;
  }>;
  /** What the footer says, read without a row: the source's side of the ledger. */
  readonly records: number;
}

/** @throws FORMAT_UNREADABLE */
export async function describeParquet(
  connection: DuckDBConnection,
  absolutePath: string,
  place: string,
): Promise<ParquetTable> {
  try {
    const file = quoteText(absolutePath);
    const schema = await connection.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet(${file})`);
    const footer = await connection.runAndReadAll(
      `SELECT sum(num_rows)::DOUBLE FROM parquet_file_metadata(${file})`,
    );
    return {
      columns: schema
        .getRows()
        .map(([name, type]) => ({ name: name as string, type: type as string })),
      records: footer.getRows()[0]![0] as number,
    };
  } catch (error) {
    throw new ImportError('FORMAT_UNREADABLE', {
      place,
      expected: 'a Parquet file',
      found: error instanceof Error ? error.message.split('\n')[0]! : String(error),
      cause: error,
    });
  }
}
