/** Describes a Parquet source: it is typed already, so it is copied with its schema kept. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { ImportError } from '../../errors/index.js';
import { quoteText } from '../relation.js';

export interface ParquetTable {
  readonly columns: ReadonlyArray<{
    /** As DuckDB spells it: it tells equal names apart. */
    readonly name: string;
    /** As the file spells it. */
    readonly originalName: string;
    /** As DuckDB spells it. */
    readonly type: string;
  }>;
  /** What the footer says, read without a row: the source's side of the ledger. */
  readonly records: number;
  /** What DuckDB reads less exactly than the file has it. */
  readonly warnings: readonly string[];
}

interface SchemaElement {
  readonly name: string;
  readonly physical: string | null;
  readonly logical: string;
  readonly precision: number;
  readonly children: number;
}

/** DuckDB reads wider decimals as DOUBLE, and wrongly. */
const MAX_PRECISION = 38;

/** A folder named `year=2020` above the file is no column of it. */
export function readSource(absolutePath: string): string {
  return `read_parquet(${quoteText(absolutePath)}, hive_partitioning=false)`;
}

/** @throws FORMAT_UNREADABLE, also for decimals of more than 38 digits */
export async function describeParquet(
  connection: DuckDBConnection,
  absolutePath: string,
  place: string,
): Promise<ParquetTable> {
  try {
    const file = quoteText(absolutePath);
    const schema = await connection.runAndReadAll(
      `DESCRIBE SELECT * FROM ${readSource(absolutePath)}`,
    );
    const footer = await connection.runAndReadAll(
      `SELECT sum(num_rows)::DOUBLE FROM parquet_file_metadata(${file})`,
    );
    const elements = await readElements(connection, file);
    refuseWideDecimals(elements, place);
    const originals = topNames(elements);
    return {
      columns: schema.getRows().map(([name, type], index) => ({
        ...{ name: name as string, type: type as string },
        originalName: originals[index] ?? (name as string),
      })),
      records: footer.getRows()[0]![0] as number,
      warnings: elements.filter(isCut).map(({ name }) => `${name}: nanoseconds are cut off`),
    };
  } catch (error) {
    if (error instanceof ImportError) throw error;
    throw new ImportError('FORMAT_UNREADABLE', {
      place,
      expected: 'a Parquet file',
      found: error instanceof Error ? error.message.split('\n')[0]! : String(error),
      cause: error,
    });
  }
}

/** The schema as the footer has it: depth first, the root at first. */
async function readElements(connection: DuckDBConnection, file: string): Promise<SchemaElement[]> {
  const reader = await connection.runAndReadAll(
    `SELECT name, type, coalesce(logical_type::VARCHAR, ''), coalesce(precision, 0)::INTEGER, coalesce(num_children, 0)::INTEGER FROM parquet_schema(${file})`,
  );
  return reader.getRows().map(([name, physical, logical, precision, children]) => ({
    ...{ name: name as string, physical: physical as string | null, logical: logical as string },
    ...{ precision: precision as number, children: children as number },
  }));
}

function refuseWideDecimals(elements: readonly SchemaElement[], place: string): void {
  const wide = elements.find(({ precision }) => precision > MAX_PRECISION);
  if (!wide) return;
  throw new ImportError('FORMAT_UNREADABLE', {
    place: `${place}, column ${wide.name}`,
    expected: `decimals of at most ${MAX_PRECISION} digits`,
    found: `${wide.precision}`,
  });
}

/** Instants with a zone are microseconds for DuckDB, and so are the timestamps of old writers. */
function isCut({ physical, logical }: SchemaElement): boolean {
  return physical === 'INT96' || /isAdjustedToUTC=(1|true).*NanoSeconds/i.test(logical);
}

function topNames(elements: readonly SchemaElement[]): string[] {
  const names: string[] = [];
  for (let at = 1; at < elements.length; at = behind(elements, at)) names.push(elements[at]!.name);
  return names;
}

/** The element after this one and all below it. */
function behind(elements: readonly SchemaElement[], at: number): number {
  let next = at + 1;
  for (let child = 0; child < (elements[at]?.children ?? 0); child += 1)
    next = behind(elements, next);
  return next;
}
