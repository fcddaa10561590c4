/** Whether a written value says what its source text says, by the rules of docs/conversion.md, written anew. */

export type Cell = string | number | bigint | boolean | Date | null | undefined;

const MICROSECONDS = { hour: 3_600_000_000, minute: 60_000_000, second: 1_000_000 };

/**
 * `text` of the source against the `value` that hyparquet reads from a column of DuckDB's `type`.
 * @param rule The proof's, which tells of blanks around the values and of the order of day and month.
 */
export function sameCell(
  text: string,
  value: Cell,
  type: string,
  tokens: Readonly<Record<string, number>>,
  rule = '',
): boolean {
  const behind = / behind blanks$/.exec(rule);
  if (behind) {
    const bare = text.replaceAll(/^[ \t]+|[ \t]+$/g, '');
    return sameCell(bare, value, type, tokens, rule.slice(0, behind.index));
  }
  const format = /^(?:date|instant) (%.*)$/.exec(rule)?.[1];
  if (value === null || value === undefined) return text === '' || Object.hasOwn(tokens, text);
  if (format !== undefined) return sameMoment(text, value as Date | bigint, format);
  if (type === 'VARCHAR') return value === text;
  if (type === 'BOOLEAN') return String(value) === text.toLowerCase();
  if (/INT$|INTEGER/.test(type)) return String(value) === text;
  // Negative zero is written as zero.
  if (type === 'DOUBLE') return value === numberOf(text) || Object.is(value, numberOf(text));
  // hyparquet gives decimals as doubles: equal to the double nearest to the text.
  if (type.startsWith('DECIMAL'))
    return Math.abs(Number(value) - Number(text)) <= Math.abs(Number(text)) * 1e-15;
  if (type === 'TIME') return Number(value) === microsecondsOf(text);
  if (type.startsWith('TIMESTAMP')) return value === instantOf(text);
  return value instanceof Date && value.toISOString().slice(0, 10) === text;
}

function numberOf(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  if (/^-?inf(inity)?$/i.test(text)) return sign * Infinity;
  return /^-?nan$/i.test(text) ? NaN : Number(text);
}

function microsecondsOf(text: string): number {
  const [hours, minutes, seconds] = text.split(':').map(Number);
  const { hour, minute, second } = MICROSECONDS;
  return hours! * hour + minutes! * minute + Math.round(seconds! * second);
}

/** Microseconds since 1970. Without a zone, UTC. */
function instantOf(text: string): bigint | undefined {
  const match =
    /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(:\d\d)?(?:\.(\d{1,6}))?)? ?(Z|[-+]\d\d(?::?\d\d)?)?$/.exec(
      text,
    );
  if (!match) return undefined;
  const [, day, clock = '00:00', seconds = ':00', fraction = '', zone = 'Z'] = match;
  const offset =
    zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`;
  const milliseconds = Date.parse(`${day}T${clock}${seconds}${offset}`);
  return BigInt(milliseconds) * 1000n + BigInt(fraction.padEnd(6, '0'));
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Takes the text apart along the format, and the parts must be those of the value. */
function sameMoment(text: string, value: Date | bigint, format: string): boolean {
  const codes = [...format.matchAll(/%-?(.)/g)].map((code) => code[1]!);
  const parts = (text.match(/\d+|\p{L}+/gu) ?? []).filter((one) => one !== 'T');
  if (codes.length !== parts.length) return false;
  const part = (names: string): string =>
    parts[codes.findIndex((code) => names.includes(code))] ?? '';
  const named = MONTHS.indexOf(part('bB').slice(0, 3).toLowerCase());
  const month = named >= 0 ? named : Number(part('m')) - 1;
  const half = part('p').toLowerCase();
  const hour =
    half === '' ? Number(part('H')) : (Number(part('I')) % 12) + (half === 'pm' ? 12 : 0);
  const day = new Date(0);
  day.setUTCFullYear(Number(part('Y')), month, Number(part('d')));
  if (day.getUTCDate() !== Number(part('d')) || day.getUTCMonth() !== month) return false;
  if (value instanceof Date) return day.getTime() === value.getTime();
  day.setUTCHours(hour, Number(part('M')), Number(part('S')));
  const micros = Number(part('gf').padEnd(6, '0'));
  return BigInt(day.getTime()) * 1000n + BigInt(micros) === value;
}
