/** Reads days and moments as a pattern of Java's SimpleDateFormat says, and gives them as ISO 8601. */

const DEFAULT_PATTERN = "yyyy-MM-dd'T'HH:mm:ss";
/** A run of one letter, a quoted literal, or one other character. */
const PIECES = /([A-Za-z])\1*|'((?:[^']|'')*)'|[^]/g;

/** By letter: a group of the expression. Two digits of a year depend on the day of reading: they are not read. */
const NUMBERS: Readonly<Record<string, string>> = {
  ...{ M: 'month', d: 'day', H: 'hour', h: 'half', m: 'minute', s: 'second' },
};
const CLOCK = ['hour', 'half', 'minute', 'second', 'milli'];
const LETTERS = 3;
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** `undefined` for a pattern that says more, or less, than a moment; the result is `undefined` for a text that is none. */
export function datePattern(
  pattern = DEFAULT_PATTERN,
): ((text: string) => string | undefined) | undefined {
  const groups: string[] = [];
  const named = (name: string, expression: string): string => {
    groups.push(name);
    return `(?<${name}>${expression})`;
  };
  let isKnown = true;
  const parts = [...pattern.matchAll(PIECES)].map(([whole, letter, literal]) => {
    if (literal !== undefined) return escaped(literal === '' ? "'" : literal.replaceAll("''", "'"));
    if (letter === undefined) return escaped(whole);
    if (letter === 'y' && whole.length >= LETTERS) return named('year', String.raw`\d{4}`);
    if (letter === 'M' && whole.length >= LETTERS) return named('name', '[A-Za-z]{3,9}');
    if (letter === 'S') return named('milli', String.raw`\d{1,3}`);
    if (letter === 'a') return named('noon', '[AaPp][Mm]');
    if (letter === 'E') return '[A-Za-z]{3,9}';
    if (/[zZX]/.test(letter)) return named('zone', String.raw`[+-]\d{2}:?\d{2}|Z|UTC|GMT`);
    const name = NUMBERS[letter];
    if (name !== undefined) return named(name, String.raw`\d{${whole.length > 1 ? '2' : '1,2'}}`);
    isKnown = false;
    return '';
  });
  const month = groups.includes('month') || groups.includes('name');
  const isWhole = groups.includes('year') && month && groups.includes('day');
  if (!isKnown || !isWhole || new Set(groups).size < groups.length) return undefined;
  if (groups.includes('half') !== groups.includes('noon')) return undefined;
  if (groups.includes('zone') && !CLOCK.some((one) => groups.includes(one))) return undefined;
  const expression = new RegExp(`^${parts.join('')}$`);
  const hasClock = CLOCK.some((one) => groups.includes(one));
  return (text) => {
    const found = expression.exec(text)?.groups;
    return found && isoOf(found, hasClock);
  };
}

function isoOf(
  found: Readonly<Record<string, string | undefined>>,
  hasClock: boolean,
): string | undefined {
  const month = found['name'] === undefined ? Number(found['month']) : monthOf(found['name']);
  const [year, day] = [Number(found['year']), Number(found['day'])];
  if (month === undefined || month < 1 || month > 12) return undefined;
  if (day < 1 || day > new Date(Date.UTC(2000, month, 0)).getUTCDate()) return undefined;
  if (month === 2 && day === 29 && !isLeap(year)) return undefined;
  const date = `${found['year']}-${twoDigits(month)}-${twoDigits(day)}`;
  if (!hasClock) return date;
  const half = Number(found['half'] ?? 0) % 12;
  const hour =
    found['noon'] === undefined
      ? Number(found['hour'] ?? 0)
      : half + (/^p/i.test(found['noon']) ? 12 : 0);
  const [minute, second] = [Number(found['minute'] ?? 0), Number(found['second'] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59 || Number(found['half'] ?? 1) > 12) return undefined;
  // The digits are a count of milliseconds, not a fraction: `5` is `.005`.
  const fraction = found['milli']?.padStart(3, '0').replace(/0+$/, '') ?? '';
  const zone =
    found['zone']?.replace(/^[A-Z]+$/, '+00').replace(/^(.\d\d):?(\d\d)$/, '$1:$2') ?? '';
  const clock = [hour, minute, second].map(twoDigits).join(':');
  return `${date} ${clock}${fraction === '' ? '' : `.${fraction}`}${zone.replace(/:00$/, '')}`;
}

function monthOf(name: string): number | undefined {
  const at = MONTHS.indexOf(name.slice(0, LETTERS).toLowerCase());
  return at === -1 ? undefined : at + 1;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
}
