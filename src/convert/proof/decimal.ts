/** Long decimals: exact as DECIMAL where DOUBLE would lose digits. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteText, type RelationColumn } from '../relation.js';
import { decimal, FIXED_POINT, type TypeRule } from './rules.js';
import { firstRow, values } from './sql.js';

/** DuckDB's and Parquet's widest decimal. */
const MAX_DIGITS = 38;

/** The DECIMAL that holds every digit of the column, or nothing when it is no fixed-point column or too wide. */
export async function proveDecimal(
  connection: DuckDBConnection,
  sql: string,
  column: RelationColumn,
  tokens: readonly string[],
): Promise<TypeRule | undefined> {
  const [cells, others, whole, scale] = await firstRow(
    connection,
    `SELECT count(*), count_if(NOT regexp_full_match(x, ${quoteText(FIXED_POINT)})), ` +
      `max(length(ltrim(split_part(x, '.', 1), '-'))), max(length(split_part(x, '.', 2))) ` +
      `FROM ${values(sql, column, tokens)}`,
  );
  if (!cells || others !== 0 || !whole || !scale || whole + scale > MAX_DIGITS) return undefined;
  const rule = decimal(whole + scale, scale);
  const [failures] = await firstRow(
    connection,
    `SELECT count_if(NOT ${rule.holds('x')}) FROM ${values(sql, column, tokens)}`,
  );
  return failures === 0 ? rule : undefined;
}
