/** The rule of a column whose type a person has pinned in the configuration. */
import { pinnedDecimal, pinnedType } from '../../config/pinnable.js';
import { quoteText } from '../relation.js';
import { decimal, double, float, withDecimalComma } from './numbers.js';
import { canonical, TEXT, type TypeRule } from './rule.js';
import { RULES } from './rules.js';
import { isOneOf } from './sql.js';

const YES = ['true', 't', 'yes', 'y', '1'];
const NO = ['false', 'f', 'no', 'n', '0'];

export interface Pin {
  readonly type: string;
  /** As strptime of DuckDB reads it; the text must print back the same by it. */
  readonly format?: string | undefined;
}

/** The configuration takes no other types than those that can be pinned. */
export function pinnedRule({ type, format }: Pin, decimalMark: '.' | ',' = '.'): TypeRule {
  const fixed = pinnedDecimal(type);
  if (fixed) return pinnedNumber(decimal(fixed.precision, fixed.scale), decimalMark);
  const written = pinnedType(type)!;
  if (written === 'VARCHAR') return { ...TEXT, rule: 'pinned text' };
  if (written === 'BOOLEAN') return anyBoolean;
  if (format !== undefined) return formatted(written, format);
  if (written === 'DOUBLE' || written === 'FLOAT') {
    return pinnedNumber(written === 'DOUBLE' ? double : float, decimalMark);
  }
  const { cast, holds } = RULES.find((rule) => rule.type === written) ?? canonical(written, '');
  return { type: written, rule: `pinned ${written.toLowerCase()}`, cast, holds };
}

function pinnedNumber(rule: TypeRule, decimalMark: '.' | ','): TypeRule {
  const spelled = decimalMark === ',' ? withDecimalComma(rule) : rule;
  return { ...spelled, rule: `pinned ${spelled.rule}` };
}

/** A person has said that it is one: then any usual spelling in any case is. */
const anyBoolean: TypeRule = {
  type: 'BOOLEAN',
  rule: 'pinned boolean',
  cast: (x) => isOneOf(`lower(${x})`, YES),
  holds: (x) => isOneOf(`lower(${x})`, [...YES, ...NO]),
};

/** What is printed is the value as written, so that a DATE pinned on timestamps does not lose their time. */
function formatted(type: string, format: string): TypeRule {
  const cast = (x: string): string => `try_strptime(${x}, ${quoteText(format)})::${type}`;
  const printable = (x: string): string =>
    type === 'TIME' ? `DATE '1900-01-01' + ${cast(x)}` : cast(x);
  return {
    type,
    rule: `pinned format ${format}`,
    cast,
    holds: (x) => `coalesce(strftime(${printable(x)}, ${quoteText(format)}) = ${x}, false)`,
  };
}
