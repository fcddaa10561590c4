/** The rule of a column whose type an older version of its table has proven: new rows are read by it, or not at all. */
import type { ColumnProof } from '../types.js';
import type { Candidate } from './candidates.js';
import { dayRule } from './dates.js';
import { date, timestamp, timestampWithZone } from './moments.js';
import { decimal, double } from './numbers.js';
import { canonical, TEXT, type TypeRule } from './rule.js';
import { RULES } from './rules.js';
import { behindBlanks, withDecimalComma } from './spelled.js';

/** By the name of its column. */
export type HeldProofs = ReadonlyMap<string, Pick<ColumnProof, 'type' | 'rule'>>;

const BEHIND_BLANKS = / behind blanks$/;

/** Where it does not hold for every cell, the column becomes text. What is pinned has one rule in every version. */
export function heldTo(candidates: readonly Candidate[], held?: HeldProofs): Candidate[] {
  return candidates.map((candidate) => {
    const proof = candidate.pinned ? undefined : held?.get(candidate.column.name);
    const rule = proof && ruleOf(proof);
    return rule ? { ...candidate, rules: rule === TEXT ? [TEXT] : [rule, TEXT] } : candidate;
  });
}

/** `undefined` for a rule that the proof of today does not know. */
export function ruleOf({ type, rule }: Pick<ColumnProof, 'type' | 'rule'>): TypeRule | undefined {
  if (!BEHIND_BLANKS.test(rule)) return plainRule(type, rule);
  const inner = plainRule(type, rule.replace(BEHIND_BLANKS, ''));
  return inner && behindBlanks(inner);
}

function plainRule(type: string, rule: string): TypeRule | undefined {
  if (rule === TEXT.rule) return TEXT;
  if (rule === 'integer') return canonical(type, rule);
  if (rule === 'decimal' || rule === 'decimal comma') {
    const [, precision, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? [];
    const number = type === 'DOUBLE' ? double : decimal(Number(precision), Number(scale));
    return rule === 'decimal' ? number : withDecimalComma(number);
  }
  const [, format] = /^(?:date|instant) (%.*)$/.exec(rule) ?? [];
  // The order of day and month is proven already.
  if (format !== undefined) return dayRule({ format });
  const others = [...RULES.filter((one) => one.type === 'BOOLEAN'), date, timestamp];
  return [...others, timestampWithZone].find((one) => one.rule === rule && one.type === type);
}
