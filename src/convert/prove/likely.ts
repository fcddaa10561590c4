/** Proves types by writing them: a cell that its column's likely type would change ends the writing. */
import type { DatasetEntry } from '../../config/datasets.js';
import { quoteIdentifier, type ColumnCells, type RelationColumn } from '../relation.js';
import type { Candidate } from './candidates.js';
import { double, doubleOfScale, integer, narrowInteger } from './numbers.js';
import { TEXT, type TypeRule } from './rule.js';
import { isMissing } from './sql.js';

/** What a cell is worth that the likely type does not hold for: DuckDB ends the query with this text and its length. */
export const UNPROVEN = 'unproven cell of column';

export interface LikelyColumn {
  readonly column: RelationColumn;
  readonly rule: TypeRule;
  /** Texts written as NULL. */
  readonly tokens: readonly string[];
  /** SQL: the value of the type, NULL for a missing cell, an error for any other. */
  readonly expression: string;
}

/** Nothing when the sample says too little of a column. */
export function likelyColumns(
  candidates: readonly Candidate[],
  cells: readonly ColumnCells[],
  entry: DatasetEntry,
): LikelyColumn[] | undefined {
  const pinnedTokens = entry.csv?.null_tokens ?? [];
  const likely: LikelyColumn[] = [];
  for (const [index, candidate] of candidates.entries()) {
    const { column, pinned } = candidate;
    const rule = likelyRule(candidate, cells[index]!);
    if (!rule) return undefined;
    // In a text column, NA is Namibia: only tokens that a person has named are null there.
    const tokens = rule === TEXT && !pinned ? pinnedTokens : candidate.tokens;
    const x = quoteIdentifier(column.name);
    likely.push({ column, rule, tokens, expression: guarded(x, rule, tokens, pinnedTokens) });
  }
  return likely;
}

function likelyRule(
  { rules, sample }: Candidate,
  { longestBytes }: ColumnCells,
): TypeRule | undefined {
  const rule = rules[0]!;
  if (!sample) return undefined;
  const { measured, scale } = sample;
  if (rule === double && scale !== undefined) return doubleOfScale(scale);
  if (rule === integer && measured) return narrowInteger(...measured, longestBytes);
  return rule.fit && measured ? rule.fit(measured)?.rule : rule;
}

function guarded(
  x: string,
  rule: TypeRule,
  tokens: readonly string[],
  pinnedTokens: readonly string[],
): string {
  const text = `CASE WHEN ${isMissing(x, tokens, rule)} THEN NULL ELSE ${x} END`;
  if (rule === TEXT) return tokens.length === 0 ? x : text;
  // A token that a person has named may look like a value: -999.
  const named =
    pinnedTokens.length > 0 ? `WHEN ${isMissing(x, pinnedTokens, rule)} THEN NULL ` : '';
  const ways = rule.shortcut ? [rule.shortcut, rule] : [rule];
  const values = ways.map(({ holds, cast }) => `WHEN ${holds(x)} THEN ${cast(x)} `).join('');
  return (
    `CASE ${named}${values}` +
    `WHEN ${x} IS NULL OR ${isMissing(x, tokens, rule)} THEN NULL ELSE error('${UNPROVEN} ' || strlen(${x})) END`
  );
}
