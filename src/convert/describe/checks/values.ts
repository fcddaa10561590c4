/** What a rule's values and bounds are in a column of some type: exactly that, or nothing. */
import { quoteIdentifier, quoteText } from '../../relation.js';
import { typeFamily } from '../parquet-relation.js';
import { atScale, exactOf, spelled } from './exact.js';

const NOT_FINITE = /^[-+]?(nan|inf|infinity)$/i;
const WITH_ZONE = /:\d{2}(\.\d+)? ?(Z|[-+]\d{2}(:?\d{2})?)$/i;
const BELOW_MICROSECONDS = /:\d{2}\.\d{6}0*[1-9]/;
/** Of integers, and of decimals without other ones. */
const MOST_DIGITS = 38;

export const isNumeric = (type: string): boolean =>
  ['integer', 'decimal', 'float'].includes(typeFamily(type));

/** SQL truth: the column has none of the values. Numbers and moments are compared as such, all else as text. */
export function isNoneOf(name: string, type: string, values: readonly string[]): string {
  const column = quoteIdentifier(name);
  const asText = ['text', 'other'].includes(typeFamily(type));
  const list = values.map((value) => (asText ? quoteText(value) : valueOf(type, value)));
  // A value that is none of the type is NULL, and nothing is in a list for being beside it.
  return `NOT coalesce(list_contains([${list.join(', ')}], ${column}${asText ? '::VARCHAR' : ''}), false)`;
}

/** SQL; a cast alone would round 1.5 to 2, and cut the hours off from a day. */
function valueOf(type: string, value: string): string {
  const cast = (text: string): string => `TRY_CAST(${quoteText(text)} AS ${type})`;
  const none = `CAST(NULL AS ${type})`;
  const family = typeFamily(type);
  if (family === 'boolean') return cast(value);
  if (family === 'temporal') {
    const hasZone = type.includes('WITH TIME ZONE');
    if (!hasZone && WITH_ZONE.test(value)) return none;
    if (!type.endsWith('_NS') && BELOW_MICROSECONDS.test(value)) return none;
    if (type !== 'DATE') return cast(value);
    const moment = `TRY_CAST(${quoteText(value)} AS TIMESTAMP)`;
    return `CASE WHEN ${moment} = ${cast(value)} THEN ${cast(value)} END`;
  }
  if (family === 'float' && NOT_FINITE.test(value)) return cast(value);
  const exact = exactOf(value);
  if (!exact) return none;
  if (family === 'float') return `CASE WHEN isfinite(${cast(value)}) THEN ${cast(value)} END`;
  const { scale } = digitsOf(type);
  const digits = atScale(exact, scale);
  return digits === undefined ? none : cast(spelled(digits, scale));
}

/** SQL truth: the number is not within the bounds. NaN, which is neither below nor above, is outside. */
export function isOutside(
  name: string,
  type: string,
  { min, max }: { readonly min?: number | undefined; readonly max?: number | undefined },
): string {
  const column = quoteIdentifier(name);
  if (typeFamily(type) === 'float') {
    const value = `${column}::DOUBLE`;
    return `NOT (${value} BETWEEN ${min ?? "'-inf'"}::DOUBLE AND ${max ?? "'inf'"}::DOUBLE) OR isnan(${value})`;
  }
  const { precision, scale } = digitsOf(type);
  // The bound as the type has it: nothing lies between that and the bound itself.
  const beyond = (bound: number | undefined, sign: '<' | '>'): string => {
    if (bound === undefined) return 'false';
    const digits = atScale(exactOf(String(bound))!, scale, sign === '<' ? 'above' : 'below')!;
    const isWithin = String(digits).replace('-', '').length <= precision;
    if (!isWithin) return String(sign === '<' ? digits > 0n : digits < 0n);
    return `${column}::DECIMAL(${precision},${scale}) ${sign} ${quoteText(spelled(digits, scale))}::DECIMAL(${precision},${scale})`;
  };
  return `${beyond(min, '<')} OR ${beyond(max, '>')}`;
}

function digitsOf(type: string): { precision: number; scale: number } {
  const [, precision, scale] = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(type) ?? [];
  return { precision: Number(precision ?? MOST_DIGITS), scale: Number(scale ?? 0) };
}
