/** Finds the narrowest type of every column that loses nothing, and proves it over the whole source. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetEntry } from '../../config/datasets.js';
import { ImportError } from '../../errors/index.js';
import { quoteIdentifier, quoteText, type RelationColumn, type TextRelation } from '../relation.js';
import type { ColumnProof } from '../types.js';
import { proveDecimal } from './decimal.js';
import { NULL_TOKENS, pinnedRule, RULES, TEXT, type TypeRule } from './rules.js';
import { firstCounterExample, firstRow } from './sql.js';

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

const SAMPLE_ROWS = 20_000;

interface Candidate {
  readonly column: RelationColumn;
  /** Texts read as NULL. */
  readonly tokens: readonly string[];
  /** Still possible, narrow to wide; text always is. */
  readonly rules: readonly TypeRule[];
  readonly pinned: boolean;
}

/** Throws PINNED_TYPE_MISMATCH with the first row that does not fit. */
export async function proveColumns(
  connection: DuckDBConnection,
  relation: TextRelation,
  entry: DatasetEntry,
  place: string,
): Promise<ProvenTable> {
  const sample = `(SELECT * FROM ${relation.sql} LIMIT ${SAMPLE_ROWS})`;
  const untyped = relation.columns.filter(({ typed }) => typed === undefined);
  const candidates = await sampleCandidates(connection, sample, untyped, entry);
  const { rows, failures, nulls, tokens } = await countFailures(
    connection,
    relation.sql,
    candidates,
  );

  const proven = new Map<string, ProvenColumn>();
  for (const [index, candidate] of candidates.entries()) {
    const { column } = candidate;
    const failed = failures[index]!;
    const chosen = await choose(connection, relation.sql, candidate, failed, place);
    const text = chosen.rule.type === 'VARCHAR' && !candidate.pinned;
    const usedTokens = text ? pinnedTokens(entry) : candidate.tokens;
    const nullTokens =
      tokens[index]! > 0 && usedTokens.length > 0
        ? await countTokens(connection, relation.sql, column, usedTokens)
        : {};
    const tokenCells = Object.values(nullTokens).reduce((sum, count) => sum + count, 0);
    proven.set(column.name, {
      column,
      expression: chosen.rule.cast(cell(column, usedTokens)),
      proof: {
        type: chosen.rule.type,
        rule: chosen.rule.rule,
        checkedCells: rows - nulls[index]! - tokenCells,
        nullTokens,
        demotions: chosen.demotions,
      },
    });
  }
  return {
    rows,
    columns: relation.columns.map((column) => proven.get(column.name) ?? copied(column, rows)),
  };
}

/** A column that its source has typed: written as it is. */
function copied(column: RelationColumn, rows: number): ProvenColumn {
  const proof = {
    type: column.typed!,
    rule: 'copied',
    checkedCells: rows,
    nullTokens: {},
    demotions: [],
  };
  return { column, expression: quoteIdentifier(column.name), proof };
}

/** The column's text, with what stands for a missing value as NULL. */
function cell(column: RelationColumn, tokens: readonly string[]): string {
  const name = quoteIdentifier(column.name);
  return tokens.length === 0
    ? name
    : `CASE WHEN ${isToken(name, tokens)} THEN NULL ELSE ${name} END`;
}

function isToken(x: string, tokens: readonly string[]): string {
  return tokens.length === 0 ? 'false' : `${x} IN (${tokens.map(quoteText).join(', ')})`;
}

function pinnedTokens(entry: DatasetEntry): readonly string[] {
  return entry.csv?.null_tokens ?? [];
}

/** On the sample: which rules can still hold, with null tokens taken for null where values remain. */
async function sampleCandidates(
  connection: DuckDBConnection,
  sample: string,
  columns: readonly RelationColumn[],
  entry: DatasetEntry,
): Promise<Candidate[]> {
  const tokens = [...new Set([...NULL_TOKENS, ...pinnedTokens(entry), ''])];
  const free = columns.filter((column) => pinOf(entry, column) === undefined);
  const expressions = free.flatMap((column) => {
    const x = quoteIdentifier(column.name);
    const value = `${x} IS NOT NULL AND NOT ${isToken(x, tokens)}`;
    return [
      `count_if(${value})`,
      ...RULES.map((rule) => `count_if(${value} AND NOT (${rule.holds(x)}))`),
    ];
  });
  const counts =
    expressions.length === 0
      ? []
      : await firstRow(connection, `SELECT ${expressions.join(', ')} FROM ${sample}`);
  const width = RULES.length + 1;
  return columns.map((column) => {
    const pin = pinOf(entry, column);
    if (pin)
      return {
        column,
        tokens: pinnedTokens(entry),
        rules: [pinnedRule(pin.type, pin.format)],
        pinned: true,
      };
    const from = free.indexOf(column) * width;
    const values = counts[from]!;
    const rules =
      values === 0 ? [] : RULES.filter((_rule, index) => counts[from + 1 + index] === 0);
    return { column, tokens, rules: [...rules, TEXT], pinned: false };
  });
}

function pinOf(entry: DatasetEntry, { name, originalName }: RelationColumn) {
  return entry.columns?.[name] ?? entry.columns?.[originalName];
}

/** One pass over the whole source: for each column and rule, how many cells it would change. */
async function countFailures(
  connection: DuckDBConnection,
  sql: string,
  candidates: readonly Candidate[],
): Promise<{ rows: number; nulls: number[]; tokens: number[]; failures: number[][] }> {
  const expressions = candidates.flatMap(({ column, tokens, rules }) => {
    const x = quoteIdentifier(column.name);
    const value = `${x} IS NOT NULL AND NOT ${isToken(x, tokens)}`;
    return [
      `count_if(${x} IS NULL)`,
      `count_if(${isToken(x, tokens)})`,
      ...rules
        .filter((rule) => rule !== TEXT)
        .map((rule) => `count_if(${value} AND NOT (${rule.holds(x)}))`),
    ];
  });
  const [rows, ...counts] = await firstRow(
    connection,
    `SELECT ${['count(*)', ...expressions].join(', ')} FROM ${sql}`,
  );
  const nulls: number[] = [];
  const tokens: number[] = [];
  let position = 0;
  const failures = candidates.map(({ rules }) => {
    nulls.push(counts[position]!);
    tokens.push(counts[position + 1]!);
    position += 2;
    return rules.map((rule) => (rule === TEXT ? 0 : counts[position++]!));
  });
  return { rows: rows!, nulls, tokens, failures };
}

async function choose(
  connection: DuckDBConnection,
  sql: string,
  { column, tokens, rules, pinned }: Candidate,
  failures: readonly number[],
  place: string,
): Promise<{ rule: TypeRule; demotions: ColumnProof['demotions'] }> {
  const demotions: ColumnProof['demotions'][number][] = [];
  for (const [index, rule] of rules.entries()) {
    if (rule === TEXT && !pinned) {
      const exact = demotions.some(({ type }) => type === 'DOUBLE') || rules.length === 1;
      const fixed = exact ? await proveDecimal(connection, sql, column, tokens) : undefined;
      if (fixed) return { rule: fixed, demotions };
    }
    if (failures[index] === 0) return { rule, demotions };
    const { row, value } = await firstCounterExample(connection, sql, column, tokens, rule);
    if (pinned) {
      throw new ImportError('PINNED_TYPE_MISMATCH', {
        place: `${place}, column ${column.originalName}, row ${row}`,
        expected: rule.type,
        found: JSON.stringify(value),
      });
    }
    const reason = `${failures[index]} cells would change`;
    demotions.push({ type: rule.type, reason, row, value });
  }
  return { rule: TEXT, demotions };
}

async function countTokens(
  connection: DuckDBConnection,
  sql: string,
  column: RelationColumn,
  tokens: readonly string[],
): Promise<Record<string, number>> {
  const x = quoteIdentifier(column.name);
  const reader = await connection.runAndReadAll(
    `SELECT ${x}, count(*)::DOUBLE FROM ${sql} WHERE ${isToken(x, tokens)} GROUP BY 1 ORDER BY 1`,
  );
  return Object.fromEntries(
    reader.getRows().map(([token, count]) => [String(token), Number(count)]),
  );
}
