/** Which types a column may have, judged on a sample; the proof over the whole source decides. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetEntry } from '../../config/datasets.js';
import { quoteIdentifier, type RelationColumn } from '../relation.js';
import { pinnedRule } from './pinned.js';
import { TEXT, type TypeRule } from './rule.js';
import { NULL_TOKENS, rulesFor } from './rules.js';
import { isToken, isValue } from './sql.js';

export interface Candidate {
  readonly column: RelationColumn;
  /** Texts read as NULL when the column turns out to be no text. */
  readonly tokens: readonly string[];
  /** Still possible, narrow to wide; text, which always holds, last. */
  readonly rules: readonly TypeRule[];
  readonly pinned: boolean;
}

const SAMPLE_ROWS = 20_000;
/** Of thousands of columns fewer rows are enough to guess; the proof reads them all. */
const SAMPLE_CELLS = 2_000_000;

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
  const all = rulesFor(entry.csv?.decimal);
  const counts = await countSample(connection, sql, free, tokens, all);
  return columns.map((column) => {
    const pin = pinOf(entry, column);
    if (pin) {
      return {
        column,
        tokens: pinnedTokens,
        rules: [pinnedRule(pin, column.originalName, entry.csv?.decimal)],
        pinned: true,
      };
    }
    const [values = 0, ...failures] = counts.get(column.name) ?? [];
    // A column without values in the sample could become anything: the sample is no evidence, text is safe.
    const rules = all.filter((_rule, index) => values > 0 && failures[index] === 0);
    return { column, tokens, rules: [...rules, TEXT], pinned: false };
  });
}

/** By column name: how many values the sample has, and how many of them each of the rules would change. */
async function countSample(
  connection: DuckDBConnection,
  sql: string,
  columns: readonly RelationColumn[],
  tokens: readonly string[],
  rules: readonly TypeRule[],
): Promise<Map<string, number[]>> {
  if (columns.length === 0) return new Map();
  const rows = Math.min(SAMPLE_ROWS, Math.ceil(SAMPLE_CELLS / columns.length));
  const names = columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  const failures = rules.map((rule) => `count_if((${rule.holds('x')}) IS NOT TRUE)::DOUBLE`);
  // One list of expressions for all columns together: planning them for each would take longer than running them.
  const reader = await connection.runAndReadAll(
    `SELECT name, count(*)::DOUBLE, ${failures.join(', ')} ` +
      `FROM (UNPIVOT (SELECT ${names} FROM ${sql} LIMIT ${rows}) ON COLUMNS(*) INTO NAME name VALUE x) ` +
      `WHERE ${isValue('x', tokens)} GROUP BY name`,
  );
  return new Map(reader.getRows().map(([name, ...counts]) => [String(name), counts.map(Number)]));
}

function pinOf(entry: DatasetEntry, { name, originalName }: RelationColumn) {
  return entry.columns?.[name] ?? entry.columns?.[originalName];
}

/** The expression of the column's text with what stands for a missing value as NULL. */
export function textOf({ name }: RelationColumn, tokens: readonly string[]): string {
  const x = quoteIdentifier(name);
  return tokens.length === 0 ? x : `CASE WHEN ${isToken(x, tokens)} THEN NULL ELSE ${x} END`;
}
