/** Which types a column may have, judged on a sample; the proof over the whole source decides. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetEntry } from '../../config/datasets.js';
import { quoteIdentifier, type RelationColumn } from '../relation.js';
import { NULL_TOKENS, pinnedRule, RULES, TEXT, type TypeRule } from './rules.js';
import { firstRow, isToken, isValue } from './sql.js';

export interface Candidate {
  readonly column: RelationColumn;
  /** Texts read as NULL when the column turns out to be no text. */
  readonly tokens: readonly string[];
  /** Still possible, narrow to wide; text, which always holds, last. */
  readonly rules: readonly TypeRule[];
  readonly pinned: boolean;
}

const SAMPLE_ROWS = 20_000;
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
  const sample = `(SELECT * FROM ${sql} LIMIT ${SAMPLE_ROWS})`;
  const counts: (number | undefined)[] = [];
  for (let from = 0; from < free.length; from += COLUMNS_A_QUERY) {
    const expressions = free.slice(from, from + COLUMNS_A_QUERY).flatMap(({ name }) => {
      const x = quoteIdentifier(name);
      const value = isValue(x, tokens);
      const failures = RULES.map((rule) => `count_if(${value} AND NOT (${rule.holds(x)}))`);
      return [`count_if(${value})`, ...failures];
    });
    counts.push(...(await firstRow(connection, `SELECT ${expressions.join(', ')} FROM ${sample}`)));
  }
  const width = RULES.length + 1;
  return columns.map((column) => {
    const pin = pinOf(entry, column);
    if (pin) {
      return {
        column,
        tokens: pinnedTokens,
        rules: [pinnedRule(pin.type, pin.format)],
        pinned: true,
      };
    }
    const from = free.indexOf(column) * width;
    // A column without values in the sample could become anything: the sample is no evidence, text is safe.
    const hasValues = (counts[from] ?? 0) > 0;
    const rules = RULES.filter((_rule, index) => hasValues && counts[from + 1 + index] === 0);
    return { column, tokens, rules: [...rules, TEXT], pinned: false };
  });
}

function pinOf(entry: DatasetEntry, { name, originalName }: RelationColumn) {
  return entry.columns?.[name] ?? entry.columns?.[originalName];
}

/** The expression of the column's text with what stands for a missing value as NULL. */
export function textOf({ name }: RelationColumn, tokens: readonly string[]): string {
  const x = quoteIdentifier(name);
  return tokens.length === 0 ? x : `CASE WHEN ${isToken(x, tokens)} THEN NULL ELSE ${x} END`;
}
