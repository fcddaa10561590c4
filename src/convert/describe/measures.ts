/** The aggregate queries over a written table, and their answers as JSON-safe values. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnStatistics } from '../write/parquet.js';
import { quoteIdentifier } from '../relation.js';
import { measuresOf, type Measure } from './aggregates.js';
import { parquetRelation, typeFamily, type TypeFamily } from './parquet-relation.js';

/** Columns asked for in one query: thousands in one would be slow to plan. */
const COLUMNS_PER_QUERY = 200;

interface MeasuredColumn {
  readonly name: string;
  readonly family: TypeFamily;
  /** What the Parquet's own footer says, by the measure's name: not asked again. */
  readonly known: ReadonlyMap<string, string>;
  readonly measures: readonly Measure[];
}

/** Statistics by column name, as `profileTable` describes them. */
export async function measureColumns(
  connection: DuckDBConnection,
  files: readonly string[],
  columns: ReadonlyArray<{ readonly name: string; readonly type: string }>,
  statistics: ReadonlyMap<string, ColumnStatistics>,
  rows: number,
): Promise<Map<string, Record<string, unknown>>> {
  const measured = columns.map(({ name, type }): MeasuredColumn => {
    const family = typeFamily(type);
    const known = knownOf(statistics.get(name), family, rows);
    return { name, family, known, measures: measuresOf(quoteIdentifier(name), family) };
  });
  return measure(connection, parquetRelation(files), measured, rows);
}

/**
 * The same of one column, from its counted values: exact where the others are estimated (`distinct`).
 * @param relation columns `value`, which is never NULL, and `n`
 */
export async function measureCounts(
  connection: DuckDBConnection,
  relation: string,
  { name, type }: { readonly name: string; readonly type: string },
  statistics: ReadonlyMap<string, ColumnStatistics>,
  rows: number,
): Promise<Record<string, unknown>> {
  const family = typeFamily(type);
  const known = knownOf(statistics.get(name), family, rows);
  const measures = measuresOf('value', family, { relation, n: 'n' });
  return (await measure(connection, relation, [{ name, family, known, measures }], rows)).get(
    name,
  )!;
}

async function measure(
  connection: DuckDBConnection,
  relation: string,
  columns: readonly MeasuredColumn[],
  rows: number,
): Promise<Map<string, Record<string, unknown>>> {
  const result = new Map<string, Record<string, unknown>>();
  for (let start = 0; start < columns.length; start += COLUMNS_PER_QUERY) {
    const batch = columns.slice(start, start + COLUMNS_PER_QUERY);
    const expressions = batch.flatMap(({ measures, known }) =>
      measures.filter(([name]) => !known.has(name)).map(([, sql]) => `(${sql})::VARCHAR`),
    );
    const reader = await connection.runAndReadAll(
      `SELECT ${['count(*)', ...expressions].join(', ')} FROM ${relation}`,
    );
    const answers = reader.getRowsJson()[0] as Array<string | null>;
    let next = 1;
    for (const { name, family, known, measures } of batch) {
      const stats: Record<string, unknown> = {};
      for (const [measure] of measures) {
        const answer = known.get(measure) ?? answers[next++] ?? null;
        if (measure === 'count') stats.nullCount = rows - Number(answer);
        else if (answer !== null) stats[measure] = jsonSafe(measure, answer, family);
        // The estimate alone may exceed the number of values.
        if (measure === 'approxDistinct')
          stats[measure] = Math.min(Number(answer), rows - (stats.nullCount as number));
      }
      result.set(name, stats);
    }
  }
  return result;
}

/** Nulls and bounds; of floating-point numbers no bounds, which could be infinite. */
function knownOf(
  statistics: ColumnStatistics | undefined,
  family: TypeFamily,
  rows: number,
): Map<string, string> {
  const known = new Map<string, string>();
  if (!statistics) return known;
  known.set('count', String(rows - statistics.nulls));
  // Of long text they are no values: DuckDB cuts them after 256 bytes, and rounds what it has cut of the largest one up.
  if (family === 'float' || family === 'text') return known;
  for (const bound of ['min', 'max'] as const) {
    const text = statistics[bound];
    if (text === undefined) continue;
    if (family === 'boolean') known.set(bound, text === '1' ? 'true' : 'false');
    else known.set(bound, text);
  }
  return known;
}

/** As the catalog has a measure that DuckDB gives as text. */
export function jsonSafe(measure: string, answer: string, family: TypeFamily): unknown {
  const isBound = measure === 'min' || measure === 'max';
  if (isBound && family === 'boolean') return answer === 'true';
  if (isBound && (family === 'text' || family === 'temporal')) return answer;
  const number = Number(answer);
  if (!Number.isFinite(number)) return answer;
  if (isBound && family === 'integer') return Number.isSafeInteger(number) ? number : answer;
  if (isBound && family === 'decimal') return String(number) === answer ? number : answer;
  return number;
}
