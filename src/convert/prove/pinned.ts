/** The rule of a column whose type a person has pinned in the configuration. */
import type { ColumnPin } from '../../config/pinned-columns.js';
import { pinnedDecimal, pinnedType } from '../../config/pinnable.js';
import { quoteText } from '../relation.js';
import { time } from './moments.js';
import { decimal, double, float } from './numbers.js';
import { canonical, TEXT, type TypeRule } from './rule.js';
import { RULES } from './rules.js';
import { bareText, spelled, withDecimalComma } from './spelled.js';
import { isOneOf } from './sql.js';

const YES = ['true', 't', 'yes', 'y', '1'];
const NO = ['false', 'f', 'no', 'n', '0'];

/** The configuration takes no other types than those that can be pinned. */
export function pinnedRule(pin: ColumnPin, decimalMark: '.' | ',' = '.'): TypeRule {
  const mark = pin.decimal ?? decimalMark;
  const { thousands, prefix = '', suffix = '', trim = false } = pin;
  let rule = ofType(pin, mark);
  if (thousands !== undefined) rule = grouped(rule, thousands, mark);
  if (prefix !== '' || suffix !== '') rule = between(rule, prefix, suffix, trim);
  return trim ? trimmed(rule) : rule;
}

function ofType({ type, format }: ColumnPin, decimalMark: '.' | ','): TypeRule {
  const fixed = pinnedDecimal(type);
  if (fixed) return pinnedNumber(decimal(fixed.precision, fixed.scale), decimalMark);
  const written = pinnedType(type)!;
  if (written === 'VARCHAR') return { ...TEXT, rule: 'pinned text' };
  if (written === 'BOOLEAN') return anyBoolean;
  if (format !== undefined) return formatted(written, format);
  if (written === 'DOUBLE' || written === 'FLOAT') {
    return pinnedNumber(written === 'DOUBLE' ? double : float, decimalMark);
  }
  const { cast, holds } =
    [...RULES, time].find((rule) => rule.type === written) ?? canonical(written, '');
  return { type: written, rule: `pinned ${written.toLowerCase()}`, cast, holds };
}

function pinnedNumber(rule: TypeRule, decimalMark: '.' | ','): TypeRule {
  const marked = decimalMark === ',' ? withDecimalComma(rule) : rule;
  return { ...marked, rule: `pinned ${marked.rule}` };
}

/** Groups of three digits behind the first, all of them or none. */
function grouped(rule: TypeRule, mark: string, decimalMark: '.' | ','): TypeRule {
  const [group, point] = [`[${escaped(mark)}]`, `[${escaped(decimalMark)}]`];
  const pattern = `[-+]?([0-9]+|[0-9]{1,3}(${group}[0-9]{3})+)(${point}.*)?`;
  return spelled(rule, {
    name: (name) => `${name}, thousands ${mark}`,
    plain: (x) => `replace(${x}, ${quoteText(mark)}, '')`,
    allowed: (x) => `regexp_full_match(${x}, ${quoteText(pattern)})`,
  });
}

function escaped(mark: string): string {
  return mark === '\\' || mark === ']' || mark === '^' ? `\\${mark}` : mark;
}

/** Every cell has both; a minus may stand in front of them: `-$5`. */
function between(rule: TypeRule, prefix: string, suffix: string, trim: boolean): TypeRule {
  const [head, tail] = [[...prefix].length, [...suffix].length];
  const inner = (x: string, skipped: number): string => {
    const cut = `substr(${x}, ${skipped + 1}, length(${x}) - ${skipped + tail})`;
    return trim ? bareText(cut) : cut;
  };
  const starts = (x: string): string => `starts_with(${x}, ${quoteText(prefix)})`;
  const words = [
    ...(prefix === '' ? [] : [`prefix ${prefix}`]),
    ...(suffix === '' ? [] : [`suffix ${suffix}`]),
  ];
  return spelled(rule, {
    name: (name) => [name, ...words].join(', '),
    plain: (x) =>
      `CASE WHEN ${starts(x)} THEN ${inner(x, head)} ELSE '-' || ${inner(x, head + 1)} END`,
    allowed: (x) =>
      `((${starts(x)} OR starts_with(${x}, ${quoteText(`-${prefix}`)})) ` +
      `AND ends_with(${x}, ${quoteText(suffix)}) AND length(${x}) > ${head + tail})`,
  });
}

function trimmed(rule: TypeRule): TypeRule {
  return spelled(rule, { name: (name) => `${name}, trim`, plain: bareText, bare: bareText });
}

/** A person has said that it is one: then any usual spelling in any case is. */
const anyBoolean: TypeRule = {
  type: 'BOOLEAN',
  rule: 'pinned boolean',
  cast: (x) => isOneOf(`lower(${x})`, YES),
  holds: (x) => isOneOf(`lower(${x})`, [...YES, ...NO]),
};

/**
 * What is printed is the value as written, so that a DATE pinned on timestamps does not lose their time. The case of
 * letters and zeros in front of a number are no part of it.
 */
function formatted(type: string, format: string): TypeRule {
  const cast = (x: string): string => `try_strptime(${x}, ${quoteText(format)})::${type}`;
  const printable = (x: string): string =>
    type === 'TIME' ? `DATE '1900-01-01' + ${cast(x)}` : cast(x);
  const alike = (x: string): string =>
    `regexp_replace(lower(${x}), '(^|[^0-9])0+([0-9])', '\\1\\2', 'g')`;
  return {
    type,
    rule: `pinned format ${format}`,
    cast,
    holds: (x) =>
      `coalesce(${alike(`strftime(${printable(x)}, ${quoteText(format)})`)} = ${alike(x)}, false)`,
  };
}
