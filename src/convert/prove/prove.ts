/** Finds the narrowest type of every column that loses nothing, and proves it over the whole source. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetEntry } from '../../config/datasets.js';
import { ImportError } from '../../errors/index.js';
import { shown } from '../describe/mask.js';
import { personalColumns } from '../describe/personal-columns.js';
import { quoteIdentifier, type RelationColumn, type TextRelation } from '../relation.js';
import type { ColumnProof } from '../types.js';
import { textOf, type Candidate } from './candidates.js';
import { countFailures, countTokens, type Count } from './count.js';
import { TEXT, type Fit, type TypeRule } from './rule.js';
import { firstCounterExample, holdsFor } from './sql.js';

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

/** A column whose rule has held for every cell. */
interface Settled {
  readonly column: RelationColumn;
  readonly rule: TypeRule;
  /** Texts to read as NULL; none when the column has none of them. */
  readonly tokens: readonly string[];
  readonly nulls: number;
  readonly demotions: readonly Demotion[];
}

/**
 * Every round reads the source once and tries the narrowest rule left of each open column; nearly always the
 * sample was right and one round is all. Throws PINNED_TYPE_MISMATCH with the first row that does not fit.
 */
export async function proveColumns(
  connection: DuckDBConnection,
  { sql, columns, cellName }: TextRelation,
  candidates: readonly Candidate[],
  entry: DatasetEntry,
  place: string,
): Promise<ProvenTable> {
  const settled: Settled[] = [];
  let open: Trial[] = candidates.map((candidate) => ({ ...candidate, demotions: [] }));
  let rows: number | undefined;
  while (open.length > 0 || rows === undefined) {
    const round = await countFailures(connection, sql, open);
    rows = round.rows;
    const next: Trial[] = [];
    for (const [index, trial] of open.entries()) {
      const count = round.counts[index]!;
      if (count.failures > 0) {
        next.push(
          await demote(connection, sql, trial, count.failures, (row) => {
            const at = columns.findIndex(({ name }) => name === trial.column.name);
            const cell = cellName ? `, ${cellName(row, at)}` : '';
            return `${place}, column ${trial.column.originalName}, row ${row}${cell}`;
          }),
        );
        continue;
      }
      const fit = fitOf(trial, count);
      if (fit?.proven) settled.push(settle(trial, fit.rule, count, entry));
      else
        next.push(fit ? { ...trial, rules: [fit.rule, ...trial.rules.slice(1)] } : tooWide(trial));
    }
    open = next;
  }
  const total = rows;
  const proven = await conclude(connection, sql, settled, total);
  return {
    rows: total,
    columns: columns.map((column) => proven.get(column.name) ?? copied(column, total)),
  };
}

/** A column that its source has typed: written as it is. */
function copied(column: RelationColumn, rows: number): ProvenColumn {
  const type = column.typed!;
  const rule = column.typedRule ?? 'copied';
  const proof = { type, rule, checkedCells: rows, nullTokens: {}, demotions: [] };
  return { column, expression: quoteIdentifier(column.name), proof };
}

function fitOf({ rules }: Trial, { measured }: Count): Fit | undefined {
  const rule = rules[0]!;
  return rule.fit && measured ? rule.fit(measured) : { rule, proven: true };
}

function tooWide({ rules: [rule, ...wider], demotions, ...trial }: Trial): Trial {
  const demotion = { type: rule!.type, reason: rule!.unfit ?? 'no type is wide enough' };
  return { ...trial, rules: wider, demotions: [...demotions, demotion] };
}

async function demote(
  connection: DuckDBConnection,
  sql: string,
  trial: Trial,
  failures: number,
  placeOf: (row: number) => string,
): Promise<Trial> {
  const { column, tokens, rules, demotions, pinned } = trial;
  const [rule, ...wider] = rules;
  const { row, value } = await firstCounterExample(connection, sql, column, tokens, rule!);
  if (pinned) {
    const personal = await personalColumns(connection, sql, [column]);
    throw new ImportError('PINNED_TYPE_MISMATCH', {
      place: placeOf(row),
      expected: rule!.type,
      found: JSON.stringify(shown(value, personal.has(column.name))),
    });
  }
  // One cell often ends several hopes at once: no need to read the source again for each.
  const held = await holdsFor(connection, value, wider);
  const ended = wider.slice(0, held.indexOf(true));
  const failed = [
    { type: rule!.type, reason: `${failures} cells would change`, row, value },
    ...otherTypes(rule!.type, ended).map((type) => ({
      ...{ type, reason: 'the same cell would change', row, value },
    })),
  ];
  return { ...trial, rules: wider.slice(ended.length), demotions: [...demotions, ...failed] };
}

/** Each once: several rules may give a type. */
function otherTypes(ended: string, rules: readonly TypeRule[]): string[] {
  return [...new Set(rules.map(({ type }) => type))].filter((type) => type !== ended);
}

function settle(
  { column, tokens, pinned, demotions }: Trial,
  rule: TypeRule,
  { nulls, tokenCells }: Count,
  entry: DatasetEntry,
): Settled {
  // In a text column, NA is Namibia: only tokens that a person has named are null there.
  const used = rule === TEXT && !pinned ? (entry.csv?.null_tokens ?? []) : tokens;
  return { column, tokens: tokenCells > 0 ? used : [], rule, nulls, demotions };
}

async function conclude(
  connection: DuckDBConnection,
  sql: string,
  settled: readonly Settled[],
  rows: number,
): Promise<Map<string, ProvenColumn>> {
  const withTokens = settled.filter(({ tokens }) => tokens.length > 0);
  const counts = await countTokens(connection, sql, withTokens);
  return new Map(
    settled.map((one) => {
      const { column, tokens, rule, nulls, demotions } = one;
      const nullTokens = tokens.length > 0 ? counts[withTokens.indexOf(one)]! : {};
      const missing = Object.values(nullTokens).reduce((sum, count) => sum + count, nulls);
      const proof = { type: rule.type, rule: rule.rule, nullTokens, demotions };
      const expression = rule.cast(textOf(column, tokens, rule));
      return [
        column.name,
        { column, expression, proof: { ...proof, checkedCells: rows - missing } },
      ];
    }),
  );
}
