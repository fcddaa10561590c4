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
/** Rows that all rules are tried on; the first that holds for them is tried on the whole sample. */
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
  const sampled = new Map<RelationColumn, Sampled>();
  let open: Possible[] = [];
  for (const column of columns) {
    if (pinOf(entry, column) === undefined) open.push({ column, tokens, rules: RULES });
  }
  open = await possibleRules(connection, sql, open);
  while (open.length > 0) {
    const next: Possible[] = [];
    for (const column of await tryFirstRules(connection, sql, open)) {
      if (column.failures > 0) next.push({ ...column, rules: column.rules.slice(1) });
      else sampled.set(column.column, column);
    }
    open = next;
  }
  return columns.map((column) => {
    const pin = pinOf(entry, column);
    if (pin) {
      const rules = [pinnedRule(pin.type, pin.format)];
      const sample = { hasValues: false, fixedPoint: false };
      return { column, tokens: pinnedTokens, rules, pinned: true, sample };
    }
    const { rules, sample } = sampled.get(column)!;
    // A column without values in the sample could become anything: it is no evidence, text is safe.
    const likely = sample.hasValues ? rules : [];
    return { column, tokens, rules: [...likely, TEXT], pinned: false, sample };
  });
}

interface Possible {
  readonly column: RelationColumn;
  readonly tokens: readonly string[];
  readonly rules: readonly TypeRule[];
}

interface Sampled extends Possible {
  readonly sample: SampledCells;
  /** Cells of the sample that the first rule would change. */
  readonly failures: number;
}

async function possibleRules(
  connection: DuckDBConnection,
  sql: string,
  columns: readonly Possible[],
): Promise<Possible[]> {
  const counts = await measure(connection, sql, FIRST_ROWS, columns, ({ column, tokens, rules }) =>
    rules.map((rule) => failuresOf(rule, quoteIdentifier(column.name), tokens)),
  );
  return columns.map((column, index) => {
    const rules = column.rules.filter((_rule, at) => counts[index]![at] === 0);
    return { ...column, rules };
  });
}

async function tryFirstRules(
  connection: DuckDBConnection,
  sql: string,
  columns: readonly Possible[],
): Promise<Sampled[]> {
  const found = await measure(
    connection,
    sql,
    SAMPLE_ROWS,
    columns,
    ({ column, tokens, rules }) => {
      const x = quoteIdentifier(column.name);
      const value = isValue(x, tokens);
      const [rule] = rules;
      return [
        `count_if(${value})`,
        rule ? failuresOf(rule, x, tokens) : '0',
        rule?.integer ? `min(${rule.cast(x)})` : 'NULL',
        rule?.integer ? `max(${rule.cast(x)})` : 'NULL',
        rule?.type === 'DOUBLE' ? `max(length(split_part(${x}, '.', 2)))` : 'NULL',
        // Only asked where nothing else is left.
        rule
          ? '1'
          : `count_if(${value} AND NOT regexp_full_match(${x}, ${quoteText(FIXED_POINT)}))`,
      ];
    },
  );
  return columns.map((column, index) => {
    const [values, failures, min, max, scale, others] = found[index]!;
    const sample = { hasValues: values !== 0, min, max, scale, fixedPoint: others === 0 };
    return { ...column, sample, failures: failures ?? 0 };
  });
}

/** One row of numbers a column, over the first rows of the source. */
async function measure(
  connection: DuckDBConnection,
  sql: string,
  rows: number,
  columns: readonly Possible[],
  expressionsOf: (column: Possible) => string[],
): Promise<(number | undefined)[][]> {
  const found: (number | undefined)[][] = [];
  const sample = `(SELECT * FROM ${sql} LIMIT ${rows})`;
  for (let from = 0; from < columns.length; from += COLUMNS_A_QUERY) {
    const expressions = columns.slice(from, from + COLUMNS_A_QUERY).map(expressionsOf);
    const list = expressions.flat().join(', ');
    const answers = await firstRow(connection, `SELECT ${list} FROM ${sample}`);
    let next = 0;
    for (const { length } of expressions) found.push(answers.slice(next, (next += length)));
  }
  return found;
}

function failuresOf(rule: TypeRule, x: string, tokens: readonly string[]): string {
  return `count_if(${isValue(x, tokens)} AND NOT (${rule.holds(x)}))`;
}

function pinOf(entry: DatasetEntry, { name, originalName }: RelationColumn) {
  return entry.columns?.[name] ?? entry.columns?.[originalName];
}

/** The expression of the column's text with what stands for a missing value as NULL. */
export function textOf({ name }: RelationColumn, tokens: readonly string[]): string {
  const x = quoteIdentifier(name);
  return tokens.length === 0 ? x : `CASE WHEN ${isToken(x, tokens)} THEN NULL ELSE ${x} END`;
}
