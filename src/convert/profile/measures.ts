/** The one aggregate query over a written table, and its answers as JSON-safe values. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier, parquetRelation, typeFamily, type TypeFamily } from './parquet-relation.js';

/** Columns asked for in one query: thousands in one would be slow to plan. */
const COLUMNS_PER_QUERY = 200;

/** Text longer than this is cut in `min` and `max`. */
const MAX_TEXT = 200;

type Measure = readonly [name: string, sql: string];

/** Statistics by column name, as `profileTable` describes them. */
export async function measureColumns(
  connection: DuckDBConnection,
  files: readonly string[],
  columns: ReadonlyArray<{ readonly name: string; readonly type: string }>,
  rows: number,
): Promise<Map<string, Record<string, unknown>>> {
  const result = new Map<string, Record<string, unknown>>();
  for (let start = 0; start < columns.length; start += COLUMNS_PER_QUERY) {
    const batch = columns.slice(start, start + COLUMNS_PER_QUERY).map((column) => {
      const family = typeFamily(column.type);
      return { ...column, family, measures: measuresOf(identifier(column.name), family) };
    });
    const expressions = batch.flatMap(({ measures }) =>
      measures.map(([, sql]) => `(${sql})::VARCHAR`),
    );
    const reader = await connection.runAndReadAll(
      `SELECT ${expressions.join(', ')} FROM ${parquetRelation(files)}`,
    );
    const answers = reader.getRowsJson()[0] as Array<string | null>;
    let next = 0;
    for (const { name, family, measures } of batch) {
      const stats: Record<string, unknown> = {};
      for (const [measure] of measures) {
        const answer = answers[next++] ?? null;
        if (measure === 'count') stats.nullCount = rows - Number(answer);
        else if (answer !== null) stats[measure] = jsonSafe(measure, answer, family);
      }
      result.set(name, stats);
    }
  }
  return result;
}

function measuresOf(column: string, family: TypeFamily): Measure[] {
  const count: Measure = ['count', `count(${column})`];
  if (family === 'other') return [count];
  const distinct: Measure = ['approxDistinct', `approx_count_distinct(${column})`];
  switch (family) {
    case 'text':
      return [
        count,
        distinct,
        ['min', `left(min(${column}::VARCHAR), ${MAX_TEXT})`],
        ['max', `left(max(${column}::VARCHAR), ${MAX_TEXT})`],
        ['minLength', `min(length(${column}::VARCHAR))`],
        ['maxLength', `max(length(${column}::VARCHAR))`],
      ];
    case 'float': {
      // One infinite value would make DuckDB's stddev fail, one NaN would be every bound.
      const finite = `FILTER (WHERE isfinite(${column}))`;
      return [
        count,
        distinct,
        ['min', `min(${column}) ${finite}`],
        ['max', `max(${column}) ${finite}`],
        ['mean', `avg(${column}) ${finite}`],
        // Squares of larger values leave the range of DOUBLE, which DuckDB takes for an error.
        ['stddev', `stddev_samp(${column}) FILTER (WHERE abs(${column}) < 1e150)`],
        ['nanCount', `count(*) FILTER (WHERE isnan(${column}))`],
        ['infiniteCount', `count(*) FILTER (WHERE isinf(${column}))`],
      ];
    }
    case 'integer':
    case 'decimal':
      return [
        count,
        distinct,
        ['min', `min(${column})`],
        ['max', `max(${column})`],
        ['mean', `avg(${column}::DOUBLE)`],
        ['stddev', `stddev_samp(${column}::DOUBLE)`],
      ];
    default:
      return [count, distinct, ['min', `min(${column})`], ['max', `max(${column})`]];
  }
}

function jsonSafe(measure: string, answer: string, family: TypeFamily): unknown {
  const isBound = measure === 'min' || measure === 'max';
  if (isBound && family === 'boolean') return answer === 'true';
  if (isBound && (family === 'text' || family === 'temporal')) return answer;
  const number = Number(answer);
  if (!Number.isFinite(number)) return answer;
  if (isBound && family === 'integer') return Number.isSafeInteger(number) ? number : answer;
  if (isBound && family === 'decimal') return String(number) === answer ? number : answer;
  return number;
}
