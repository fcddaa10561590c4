/** The answer to a query: a table for people, or every row as JSON. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { CommandContext } from './context.js';
import { rowsText } from './rows.js';

/** Prints at most `limit` rows as a table, and says when there are more; as JSON all of them, as they come. */
export async function printRows(
  connection: DuckDBConnection,
  sql: string,
  limit: number,
  { json, result, note, signal }: CommandContext,
): Promise<void> {
  if (json) {
    await printJson(connection, sql, signal);
    return result(undefined, '');
  }
  const reader = await connection.runAndReadAll(
    `SELECT COLUMNS(*)::VARCHAR FROM (${sql}\n) LIMIT ${limit + 1}`,
  );
  const rows = reader.getRows() as (string | null)[][];
  const names = reader.columnNames();
  const text = rowsText({ names, rows: rows.slice(0, limit) }, process.stdout.columns);
  result(undefined, text);
  if (rows.length > limit) {
    note(`The first ${limit} rows; \`--limit <rows>\` shows more, \`--json\` all of them.`);
  }
}

/** Written by DuckDB, so that no number passes through a JavaScript one. */
async function printJson(
  connection: DuckDBConnection,
  sql: string,
  signal: AbortSignal,
): Promise<void> {
  const answer = await connection.stream(
    `SELECT to_json(answer)::VARCHAR FROM (${sql}\n) AS answer`,
  );
  let before = '[\n';
  for await (const rows of answer.yieldRows()) {
    signal.throwIfAborted();
    for (const [row] of rows) {
      process.stdout.write(`${before}  ${String(row)}`);
      before = ',\n';
    }
  }
  process.stdout.write(before === '[\n' ? '[]\n' : '\n]\n');
}
