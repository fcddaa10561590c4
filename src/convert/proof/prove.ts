/** Finds the narrowest type of every column that loses nothing, and proves it over the whole source. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetEntry } from '../../config/datasets.js';
import { ImportError } from '../../errors/index.js';
import { quoteIdentifier, type RelationColumn, type TextRelation } from '../relation.js';
import type { ColumnProof } from '../types.js';
import { textOf, type Candidate } from './candidates.js';
import { proveDecimal } from './decimal.js';
import { narrowed, TEXT, type TypeRule } from './rules.js';
import {
  firstCounterExample,
  isValue,
  tokenCounts,
  tokenHistogram,
  type TokenCounts,
} from './sql.js';

export interface ProvenColumn {
  readonly column: RelationColumn;
  /** SQL expression over the relation that gives the value to write. */
  readonly expression: string;
  readonly proof: ColumnProof;
}

export interface ProvenTable {
  readonly columns: readonly ProvenColumn[];
  readonly rows: number;
}

type Demotion = ColumnProof['demotions'][number];

/** A column on its way through its rules. */
interface Trial extends Candidate {
  readonly demotions: readonly Demotion[];
}

interface Count {
  readonly nulls: number;
  readonly tokens: TokenCounts;
  readonly failures: number;
  /** Of integers. */
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/**
 * Every round reads the source once and tries the narrowest rule left of each open column; nearly always the
 * sample was right and one round is all. Throws PINNED_TYPE_MISMATCH with the first row that does not fit.
 */
export async function proveColumns(
  connection: DuckDBConnection,
  { sql, columns }: TextRelation,
  candidates: readonly Candidate[],
  entry: DatasetEntry,
  place: string,
): Promise<ProvenTable> {
  const proven = new Map<string, ProvenColumn>();
  let open: Trial[] = candidates.map((candidate) => ({ ...candidate, demotions: [] }));
  let rows: number | undefined;
  while (open.length > 0 || rows === undefined) {
    const round = await countFailures(connection, sql, open);
    rows = round.rows;
    const next: Trial[] = [];
    for (const [index, trial] of open.entries()) {
      const count = round.counts[index]!;
      const rule = await holdingRule(connection, sql, trial, count);
      if (rule) proven.set(trial.column.name, conclude(trial, rule, count, rows, entry));
      else next.push(await demote(connection, sql, trial, count, place));
    }
    open = next;
  }
  const total = rows;
  return {
    rows: total,
    columns: columns.map((column) => proven.get(column.name) ?? copied(column, total)),
  };
}

/** A column that its source has typed: written as it is. */
function copied(column: RelationColumn, rows: number): ProvenColumn {
  const type = column.typed!;
  const proof = { type, rule: 'copied', checkedCells: rows, nullTokens: {}, demotions: [] };
  return { column, expression: quoteIdentifier(column.name), proof };
}

async function countFailures(
  connection: DuckDBConnection,
  sql: string,
  trials: readonly Trial[],
): Promise<{ rows: number; counts: Count[] }> {
  const expressions = trials.flatMap(({ column, tokens, rules }) => {
    const x = quoteIdentifier(column.name);
    const rule = rules[0]!;
    const value = isValue(x, tokens);
    const bounds = rule.integer
      ? [`min(${rule.cast(x)})`, `max(${rule.cast(x)})`]
      : ['NULL', 'NULL'];
    const failures = rule === TEXT ? '0' : `count_if(${value} AND NOT (${rule.holds(x)}))`;
    return [`count_if(${x} IS NULL)`, tokenHistogram(column, tokens), failures, ...bounds];
  });
  const reader = await connection.runAndReadAll(
    `SELECT ${['count(*)', ...expressions].join(', ')} FROM ${sql}`,
  );
  const [rows, ...found] = reader.getRows()[0]!;
  const counts = trials.map((_trial, index): Count => {
    const [nulls, tokens, failures, min, max] = found.slice(5 * index, 5 * index + 5);
    return {
      ...{ nulls: Number(nulls), tokens: tokenCounts(tokens!), failures: Number(failures) },
      min: min === null ? undefined : Number(min),
      max: max === null ? undefined : Number(max),
    };
  });
  return { rows: Number(rows), counts };
}

async function holdingRule(
  connection: DuckDBConnection,
  sql: string,
  { column, tokens, rules, demotions, pinned, sample }: Trial,
  { failures, min, max }: Count,
): Promise<TypeRule | undefined> {
  const rule = rules[0]!;
  if (failures > 0) return undefined;
  if (rule === TEXT && !pinned) {
    // Long decimals fail DOUBLE, here or already in the sample.
    const failed = demotions.length === 0 || demotions.some(({ type }) => type === 'DOUBLE');
    const possible = failed && sample.fixedPoint;
    return (possible ? await proveDecimal(connection, sql, column, tokens) : undefined) ?? TEXT;
  }
  return rule.integer && !pinned && min !== undefined && max !== undefined
    ? narrowed(rule, min, max)
    : rule;
}

async function demote(
  connection: DuckDBConnection,
  sql: string,
  trial: Trial,
  { failures }: Count,
  place: string,
): Promise<Trial> {
  const { column, tokens, rules, demotions, pinned } = trial;
  const [rule, ...wider] = rules;
  const { row, value } = await firstCounterExample(connection, sql, column, tokens, rule!);
  if (pinned) {
    throw new ImportError('PINNED_TYPE_MISMATCH', {
      place: `${place}, column ${column.originalName}, row ${row}`,
      expected: rule!.type,
      found: JSON.stringify(value),
    });
  }
  const reason = `${failures} cells would change`;
  return {
    ...trial,
    rules: wider,
    demotions: [...demotions, { type: rule!.type, reason, row, value }],
  };
}

function conclude(
  { column, tokens, pinned, demotions }: Trial,
  rule: TypeRule,
  count: Count,
  rows: number,
  entry: DatasetEntry,
): ProvenColumn {
  // In a text column, NA is Namibia: only tokens that a person has named are null there.
  const used = rule === TEXT && !pinned ? (entry.csv?.null_tokens ?? []) : tokens;
  const nullTokens = Object.fromEntries(
    Object.entries(count.tokens).filter(([token]) => used.includes(token)),
  );
  const missing = Object.values(nullTokens).reduce((sum, cells) => sum + cells, count.nulls);
  const { type, rule: name } = rule;
  return {
    column,
    expression: rule.cast(textOf(column, used)),
    proof: { type, rule: name, checkedCells: rows - missing, nullTokens, demotions },
  };
}
