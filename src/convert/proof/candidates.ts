/** Which types a column may have, judged on a sample; the proof over the whole source decides. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetEntry } from '../../config/datasets.js';
import { quoteIdentifier, quoteText, type RelationColumn } from '../relation.js';
import { FIXED_POINT, NULL_TOKENS, pinnedRule, RULES, TEXT, type TypeRule } from './rules.js';
import { firstRow, isToken, isValue } from './sql.js';

export interface Candidate {
  readonly column: RelationColumn;
  /** Texts read as NULL when the column turns out to be no text. */
  readonly tokens: readonly string[];
  /** Still possible, narrow to wide; text, which always holds, last. */
  readonly rules: readonly TypeRule[];
  readonly pinned: boolean;
  readonly sample: SampledCells;
}

/** What the sample's values look like. */
export interface SampledCells {
  readonly hasValues: boolean;
  /** Of columns that may be integers. */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Digits after the point of the longest fraction, in columns that may be DOUBLE. */
  readonly scale?: number | undefined;
  /** False when some value is no plain decimal number: then no DECIMAL holds for the column. */
  readonly fixedPoint: boolean;
}

const SAMPLE_ROWS = 20_000;
/** Rows that all rules are tried on; only those that hold are tried on the whole sample. */
const FIRST_ROWS = 500;
/** Planning a query takes longer than running it when a table has thousands of columns. */
const COLUMNS_A_QUERY = 50;

/** One candidate for each column that the source has not typed itself. */
export async function findCandidates(
  connection: DuckDBConnection,
  sql: string,
  columns: readonly RelationColumn[],
  entry: DatasetEntry,
): Promise<Candidate[]> {
  const pinnedTokens = entry.csv?.null_tokens ?? [];
  const tokens = [...new Set([...NULL_TOKENS, ...pinnedTokens, ''])];
  const free = columns.filter((column) => pinOf(entry, column) === undefined);
  const everywhere = free.map((column) => ({ column, tokens, rules: RULES }));
  const possible = await holding(connection, sql, FIRST_ROWS, everywhere);
  const found = await holding(connection, sql, SAMPLE_ROWS, possible);
  const byColumn = new Map(found.map((tried) => [tried.column, tried]));
  return columns.map((column) => {
    const pin = pinOf(entry, column);
    if (pin) {
      const rules = [pinnedRule(pin.type, pin.format)];
      const sample = { hasValues: false, fixedPoint: false };
      return { column, tokens: pinnedTokens, rules, pinned: true, sample };
    }
    const { rules, sample } = byColumn.get(column)!;
    // A column without values in the sample could become anything: it is no evidence, text is safe.
    const likely = sample.hasValues ? rules : [];
    return { column, tokens, rules: [...likely, TEXT], pinned: false, sample };
  });
}

interface Tried {
  readonly column: RelationColumn;
  readonly tokens: readonly string[];
  readonly rules: readonly TypeRule[];
}

/** Leaves each column the rules that hold for its values in the first rows. */
async function holding(
  connection: DuckDBConnection,
  sql: string,
  rows: number,
  tried: readonly Tried[],
): Promise<(Tried & { sample: SampledCells })[]> {
  const left: (Tried & { sample: SampledCells })[] = [];
  for (let from = 0; from < tried.length; from += COLUMNS_A_QUERY) {
    const batch = tried.slice(from, from + COLUMNS_A_QUERY);
    const expressions = batch.flatMap(measures);
    const sample = `(SELECT * FROM ${sql} LIMIT ${rows})`;
    const found = await firstRow(connection, `SELECT ${expressions.join(', ')} FROM ${sample}`);
    let next = 0;
    for (const { column, tokens, rules } of batch) {
      const [values, others, min, max, scale] = found.slice(next, (next += 5));
      const failures = found.slice(next, (next += rules.length));
      left.push({
        column,
        tokens,
        rules: rules.filter((_rule, index) => failures[index] === 0),
        sample: { hasValues: values !== 0, min, max, scale, fixedPoint: others === 0 },
      });
    }
  }
  return left;
}

function measures({ column, tokens, rules }: Tried): string[] {
  const x = quoteIdentifier(column.name);
  const value = isValue(x, tokens);
  const integer = rules.find((rule) => rule.integer);
  const isDouble = rules.some(({ type }) => type === 'DOUBLE');
  return [
    `count_if(${value})`,
    `count_if(${value} AND NOT regexp_full_match(${x}, ${quoteText(FIXED_POINT)}))`,
    integer ? `min(${integer.cast(x)})` : 'NULL',
    integer ? `max(${integer.cast(x)})` : 'NULL',
    isDouble ? `max(length(split_part(${x}, '.', 2)))` : 'NULL',
    ...rules.map((rule) => `count_if(${value} AND NOT (${rule.holds(x)}))`),
  ];
}

function pinOf(entry: DatasetEntry, { name, originalName }: RelationColumn) {
  return entry.columns?.[name] ?? entry.columns?.[originalName];
}

/** The expression of the column's text with what stands for a missing value as NULL. */
export function textOf({ name }: RelationColumn, tokens: readonly string[]): string {
  const x = quoteIdentifier(name);
  return tokens.length === 0 ? x : `CASE WHEN ${isToken(x, tokens)} THEN NULL ELSE ${x} END`;
}
