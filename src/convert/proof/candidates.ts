/** Which types a column may have, judged on a sample; the proof over the whole source decides. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetEntry } from '../../config/datasets.js';
import { quoteIdentifier, type RelationColumn } from '../relation.js';
import { double } from './numbers.js';
import { pinnedRule } from './pinned.js';
import { TEXT, type TypeRule } from './rule.js';
import { NULL_TOKENS, rulesFor } from './rules.js';
import { isChanged, isToken, isValue } from './sql.js';

export interface Candidate {
  readonly column: RelationColumn;
  /** Texts read as NULL when the column turns out to be no text. */
  readonly tokens: readonly string[];
  /** Still possible, narrow to wide; text, which always holds, last. */
  readonly rules: readonly TypeRule[];
  readonly pinned: boolean;
  /** What the sample showed of the first rule; tables of many columns are not looked at so closely. */
  readonly sample?: SampledCells;
}

export interface SampledCells {
  /** What the first rule measures. */
  readonly measured: readonly [number, number] | undefined;
  /** Digits after the point of the longest fraction, where the first rule is DOUBLE. */
  readonly scale: number | undefined;
}

const SAMPLE_ROWS = 20_000;
/** Rows that all rules are tried on first; what is left of them is tried on the whole sample. */
const FIRST_ROWS = 500;
/** A query that is about each column by itself is slow to plan beyond this. */
const FEW_COLUMNS = 200;
/** Of thousands of columns fewer rows are enough to guess; the proof reads them all. */
const SAMPLE_CELLS = 500_000;

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
  const few = columns.length <= FEW_COLUMNS;
  const rows = few ? FIRST_ROWS : Math.ceil(SAMPLE_CELLS / columns.length);
  const counts = await countSample(connection, sql, rows, free, tokens, all);
  const candidates = columns.map((column): Candidate => {
    const pin = pinOf(entry, column);
    if (pin) {
      return {
        column,
        tokens: pinnedTokens,
        rules: [pinnedRule(pin, entry.csv?.decimal)],
        pinned: true,
      };
    }
    const [values = 0, ...failures] = counts.get(column.name) ?? [];
    // Without values there is no evidence: the first rows may be followed by some, the whole sample leaves text.
    const unseen = values === 0;
    const rules = all.filter((_rule, index) => (unseen ? few : failures[index] === 0));
    return { column, tokens, rules: [...rules, TEXT], pinned: false };
  });
  return few ? lookCloser(connection, sql, candidates) : candidates;
}

/** Drops the rules that do not hold for the whole sample, narrow to wide, until one holds. */
async function lookCloser(
  connection: DuckDBConnection,
  sql: string,
  candidates: readonly Candidate[],
): Promise<Candidate[]> {
  const looked = new Map<RelationColumn, Candidate>();
  let open = candidates;
  while (open.length > 0) {
    const reader = await connection.runAndReadAll(
      `SELECT ${open.flatMap(firstRuleMeasures).join(', ')} FROM (SELECT * FROM ${sql} LIMIT ${SAMPLE_ROWS})`,
    );
    const answers = reader.getRows()[0]!;
    const next: Candidate[] = [];
    for (const [index, candidate] of open.entries()) {
      const { column, rules, pinned } = candidate;
      const [values, failures, low, high, scale] = answers.slice(5 * index, 5 * index + 5);
      // Counts over no rows at all are NULL.
      const isEmpty = Number(values ?? 0) === 0;
      const measured = low === null || high === null ? undefined : [Number(low), Number(high)];
      const sample = {
        measured: measured as [number, number] | undefined,
        scale: scale === null ? undefined : Number(scale),
      };
      if (pinned) looked.set(column, { ...candidate, sample });
      // A column without values in the sample could become anything: the sample is no evidence, text is safe.
      else if (isEmpty) looked.set(column, { ...candidate, rules: [TEXT], sample });
      else if (failures === 0) looked.set(column, { ...candidate, sample });
      else next.push({ ...candidate, rules: rules.slice(1) });
    }
    open = next;
  }
  return candidates.map(({ column }) => looked.get(column)!);
}

function firstRuleMeasures({ column, tokens, rules }: Candidate): string[] {
  const x = quoteIdentifier(column.name);
  const rule = rules[0]!;
  const value = isValue(x, tokens);
  const [low, high] = rule.measures?.(x, value) ?? ['NULL', 'NULL'];
  return [
    `count_if(${value})::DOUBLE`,
    `count_if(${isChanged(x, tokens, rule)})::DOUBLE`,
    `(${low})::DOUBLE`,
    `(${high})::DOUBLE`,
    rule === double ? `max(length(split_part(${x}, '.', 2)))::DOUBLE` : 'NULL',
  ];
}

/** By column name: how many values the sample has, and how many of them each of the rules would change. */
async function countSample(
  connection: DuckDBConnection,
  sql: string,
  rows: number,
  columns: readonly RelationColumn[],
  tokens: readonly string[],
  rules: readonly TypeRule[],
): Promise<Map<string, number[]>> {
  if (columns.length === 0) return new Map();
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
