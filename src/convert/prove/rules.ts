/** The rules by which a written value equals its source text, in the order they are tried; docs/conversion.md explains each. */
import { quoteText } from '../relation.js';
import { date, timestamp, timestampWithZone } from './moments.js';
import { double, integer, longDecimal, wideInteger } from './numbers.js';
import type { TypeRule } from './rule.js';
import { behindBlanks, withDecimalComma } from './spelled.js';

/** Texts that stand for a missing value in columns whose other values prove a type that is not text. */
export const NULL_TOKENS = [
  'NA',
  'N/A',
  'n/a',
  '#N/A',
  'null',
  'NULL',
  'Null',
  '\\N',
  'None',
  'none',
  '?',
  '-',
  '--',
  '.',
];

const spelledBoolean = (yes: string, no: string): TypeRule => ({
  type: 'BOOLEAN',
  rule: `boolean ${yes}/${no}`,
  cast: (x) => `(${x} = ${quoteText(yes)})`,
  holds: (x) => `(${x} = ${quoteText(yes)} OR ${x} = ${quoteText(no)})`,
  shortcut: { holds: (x) => `${x} = ${quoteText(yes)}`, cast: () => 'true' },
});

/** Narrow to wide; a column gets the first that holds for every one of its cells. */
export const RULES: readonly TypeRule[] = [
  spelledBoolean('true', 'false'),
  spelledBoolean('True', 'False'),
  spelledBoolean('TRUE', 'FALSE'),
  integer,
  wideInteger,
  double,
  longDecimal,
  date,
  timestamp,
  timestampWithZone,
];

/** The rules of a file whose decimal mark a person has pinned. */
export function rulesFor(decimalMark: '.' | ',' = '.'): readonly TypeRule[] {
  if (decimalMark === '.') return RULES;
  return RULES.map((rule) =>
    rule === double || rule === longDecimal ? withDecimalComma(rule) : rule,
  );
}

/** The same for columns of numbers and moments that stand behind blanks; words with blanks are other words. */
export function rulesBehindBlanks(rules: readonly TypeRule[]): TypeRule[] {
  return rules.filter(({ type }) => type !== 'BOOLEAN').map(behindBlanks);
}
