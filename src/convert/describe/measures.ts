/** The aggregate queries over a written table, and their answers as JSON-safe values. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnStatistics } from '../write/parquet.js';
import { quoteIdentifier } from '../relation.js';
import { measuresOf, type Measure } from './aggregates.js';
import { parquetRelation, typeFamily, type TypeFamily } from './parquet-relation.js';

/** Columns asked for in one query: thousands in one would be slow to plan. */
const COLUMNS_PER_QUERY = 200;

/** What is to be asked of one column, and what the answers say. */
export interface Question {
  readonly name: string;
  /** SQL, each of them text; what the Parquet's own footer says is not asked again. */
  readonly expressions: readonly string[];
  /** Statistics, as `profileTable` describes them; of one answer an expression. */
  readonly statsOf: (answers: ReadonlyArray<string | null>) => Record<string, unknown>;
}

interface MeasuredColumn {
  readonly name: string;
  /** As DuckDB spells it. */
  readonly type: string;
}

/** Statistics by column name, as `profileTable` describes them. */
export async function measureColumns(
  connection: DuckDBConnection,
  files: readonly string[],
  columns: readonly MeasuredColumn[],
  statistics: ReadonlyMap<string, ColumnStatistics>,
  rows: number,
): Promise<Map<string, Record<string, unknown>>> {
  const result = new Map<string, Record<string, unknown>>();
  for (let start = 0; start < columns.length; start += COLUMNS_PER_QUERY) {
    const questions = columns
      .slice(start, start + COLUMNS_PER_QUERY)
      .map((column) =>
        questionOf(column, statistics, rows, (family) =>
          measuresOf(quoteIdentifier(column.name), family),
        ),
      );
    const expressions = questions.flatMap((question) => question.expressions);
    const reader = await connection.runAndReadAll(
      `SELECT ${['count(*)', ...expressions].join(', ')} FROM ${parquetRelation(files)}`,
    );
    const [, ...answers] = reader.getRowsJson()[0] as Array<string | null>;
    for (const { name, expressions: own, statsOf } of questions) {
      result.set(name, statsOf(answers.splice(0, own.length)));
    }
  }
  return result;
}

/**
 * The same of one column, from its counted values: exact where the others are estimated (`distinct`).
 * @param relation columns `value`, which is never NULL, and `n`
 */
export function questionOfCounts(
  relation: string,
  column: MeasuredColumn,
  statistics: ReadonlyMap<string, ColumnStatistics>,
  rows: number,
): Question {
  return questionOf(column, statistics, rows, (family) =>
    measuresOf('value', family, { relation, n: 'n' }),
  );
}

function questionOf(
  { name, type }: MeasuredColumn,
  statistics: ReadonlyMap<string, ColumnStatistics>,
  rows: number,
  measuresFor: (family: TypeFamily) => readonly Measure[],
): Question {
  const family = typeFamily(type);
  const known = knownOf(statistics.get(name), family, rows);
  const measures = measuresFor(family);
  return {
    name,
    expressions: measures
      .filter(([measure]) => !known.has(measure))
      .map(([, sql]) => `(${sql})::VARCHAR`),
    statsOf(answers) {
      const stats: Record<string, unknown> = {};
      let next = 0;
      for (const [measure] of measures) {
        const answer = known.get(measure) ?? answers[next++] ?? null;
        if (measure === 'count') stats.nullCount = rows - Number(answer);
        else if (answer !== null) stats[measure] = jsonSafe(measure, answer, family);
        // The estimate alone may exceed the number of values.
        if (measure === 'approxDistinct')
          stats[measure] = Math.min(Number(answer), rows - (stats.nullCount as number));
      }
      return stats;
    },
  };
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
