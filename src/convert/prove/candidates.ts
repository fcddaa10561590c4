/** Which types a column may have, judged on a sample; the proof over the whole source decides. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetEntry } from '../../config/datasets.js';
import { quoteIdentifier, type RelationColumn } from '../relation.js';
import { pinOf } from '../../config/pinned-columns.js';
import { dayFormats, dayRule } from './dates.js';
import { double } from './numbers.js';
import { declaredRules } from './declared.js';
import { pinnedRule } from './pinned.js';
import { TEXT, type TypeRule } from './rule.js';
import { NULL_TOKENS, rulesBehindBlanks, rulesFor } from './rules.js';
import { bareText, behindBlanks } from './spelled.js';
import { isChanged, isMissing, isValue } from './sql.js';

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
  const all = rulesFor(entry.csv?.decimal);
  const few = columns.length <= FEW_COLUMNS;
  const rows = few ? FIRST_ROWS : Math.ceil(SAMPLE_CELLS / columns.length);
  const free = columns.filter(
    (column) => column.declared === undefined && pinOfColumn(entry, column) === undefined,
  );
  const look = (some: readonly RelationColumn[], first: number, rules: readonly TypeRule[]) =>
    lookAt(connection, sql, { rows: first, columns: some, tokens, rules });
  const looks = await look(free, rows, all);
  // Without values there is no evidence: the first rows may be followed by some.
  const unseen = few ? free.filter(({ name }) => !looks.has(name)) : [];
  for (const [name, found] of await look(unseen, SAMPLE_ROWS, all)) looks.set(name, found);
  const blank = free.filter(
    ({ name }) => looks.get(name)?.hasBlanks && !looks.get(name)?.holds.length,
  );
  const bare = await lookAt(connection, sql, {
    ...{ rows: few ? SAMPLE_ROWS : rows, columns: blank, tokens, rules: all },
    spell: bareText,
  });
  const candidates = columns.map((column): Candidate => {
    const pin = pinOfColumn(entry, column);
    if (pin) {
      const rules = [pinnedRule(pin, entry.csv?.decimal)];
      return { column, tokens: pinnedTokens, rules, pinned: true };
    }
    if (column.declared !== undefined) {
      return { column, tokens: pinnedTokens, rules: declaredRules(column.declared), pinned: false };
    }
    const found = looks.get(column.name);
    const rules = found ? rulesOf(found, bare.get(column.name)) : [];
    return { column, tokens, rules: [...rules, TEXT], pinned: false };
  });
  return few ? lookCloser(connection, sql, candidates) : candidates;
}

/** What the first rows say of a column that has values in them. */
interface Look {
  /** The rules that hold for all of its values. */
  readonly holds: readonly TypeRule[];
  /** Some values stand behind blanks or before them. */
  readonly hasBlanks: boolean;
  /** One of its values, without the blanks around it. */
  readonly example: string;
}

/** Narrow to wide. A value behind blanks may still come, so numbers stay numbers then. */
function rulesOf({ holds, hasBlanks, example }: Look, bare: Look | undefined): TypeRule[] {
  if (holds.length > 0) return [...holds, ...rulesBehindBlanks(holds)];
  const days = dayFormats(example).map(dayRule);
  if (!hasBlanks) return [...days, ...days.map(behindBlanks)];
  return [...rulesBehindBlanks(bare?.holds ?? []), ...days.map(behindBlanks)];
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
  const value = isValue(x, tokens, rule.bare?.(x));
  const [low, high] = rule.measures?.(x, value) ?? ['NULL', 'NULL'];
  return [
    `count_if(${value})::DOUBLE`,
    `count_if(${isChanged(x, tokens, rule)})::DOUBLE`,
    `(${low})::DOUBLE`,
    `(${high})::DOUBLE`,
    rule === double ? `max(length(split_part(${x}, '.', 2)))::DOUBLE` : 'NULL',
  ];
}

/** By column name, of the columns that have values among the first rows. */
async function lookAt(
  connection: DuckDBConnection,
  sql: string,
  {
    rows,
    columns,
    tokens,
    rules,
    spell = (x) => x,
  }: {
    readonly rows: number;
    readonly columns: readonly RelationColumn[];
    readonly tokens: readonly string[];
    readonly rules: readonly TypeRule[];
    readonly spell?: (x: string) => string;
  },
): Promise<Map<string, Look>> {
  if (columns.length === 0) return new Map();
  const names = columns.map(({ name }) => {
    const x = quoteIdentifier(name);
    return `${spell(x)} AS ${x}`;
  });
  const failures = rules.map((rule) => `count_if((${rule.holds('x')}) IS NOT TRUE)::DOUBLE`);
  const bare = bareText('x');
  const example = `any_value(${bare}) FILTER (WHERE ${isValue('x', tokens, bare)})`;
  // One list of expressions for all columns together: planning them for each would take longer than running them.
  const reader = await connection.runAndReadAll(
    `SELECT name, ${example}, bool_or(${bare} <> x), ${failures.join(', ')} ` +
      `FROM (UNPIVOT (SELECT ${names.join(', ')} FROM ${sql} LIMIT ${rows}) ON COLUMNS(*) INTO NAME name VALUE x) ` +
      `WHERE ${isValue('x', tokens)} GROUP BY name`,
  );
  return new Map(
    reader.getRows().map(([name, text, hasBlanks, ...counts]) => {
      const holds = rules.filter((_rule, index) => counts[index] === 0);
      return [String(name), { holds, hasBlanks: hasBlanks === true, example: String(text ?? '') }];
    }),
  );
}

function pinOfColumn(entry: DatasetEntry, { name, originalName }: RelationColumn) {
  return pinOf(entry.columns, [name, originalName]);
}

/** The expression of the column's text with what stands for a missing value as NULL. */
export function textOf(
  { name }: RelationColumn,
  tokens: readonly string[],
  rule: TypeRule,
): string {
  const x = quoteIdentifier(name);
  return tokens.length === 0
    ? x
    : `CASE WHEN ${isMissing(x, tokens, rule)} THEN NULL ELSE ${x} END`;
}
