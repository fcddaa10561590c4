/** Guesses, from some cells of a text column, which pins could make numbers or dates of it; the rules decide. */
import type { ColumnPin } from '../../config/pinned-columns.js';
import { dayFormats } from './dates.js';

/** A pin that may hold, and in words what it takes the cells for. */
export interface Spelling {
  readonly pin: ColumnPin;
  readonly words: string;
  readonly about: 'day order' | 'decimal mark' | 'number spelling';
}

const PREFIX = /^-?(\p{Sc} ?)/u;
const SUFFIX = /( ?[%‰°]| ?\p{Sc})$/u;
const GROUPS = /^[-+]?\d{1,3}(?:([,. '’_\u00a0\u202f])\d{3})+(?![\d])/u;
const SHORT_YEAR = /^\d{1,2}([-./])\d{1,2}\1\d{2}$/;
const NUMBER = /^[-+]?[\d., '’_\u00a0\u202f]*\d[\d., '’_\u00a0\u202f]*$/u;

/** Those that one of the cells speaks for; `cells` are no null tokens. */
export function possibleSpellings(cells: readonly string[]): Spelling[] {
  const texts = cells.map((cell) => cell.trim());
  const [first] = texts;
  if (first === undefined) return [];
  const trim = texts.some((text, index) => text !== cells[index]) ? { trim: true } : {};
  return [...days(first), ...numbers(texts)].map((one) => ({
    ...one,
    pin: { ...one.pin, ...trim },
  }));
}

function days(text: string): Spelling[] {
  // What is pinned may be padded or not.
  const formats = dayFormats(text).map(({ format }) => format.replaceAll('%-', '%'));
  const mark = SHORT_YEAR.exec(text)?.[1];
  if (mark !== undefined) {
    formats.push(
      ...['dmy', 'mdy', 'ymd'].map((order) => [...order].map((c) => `%${c}`).join(mark)),
    );
  }
  return [...new Set(formats)].map((format) => ({
    pin: { type: /%[HI]/.test(format) ? 'TIMESTAMP' : 'DATE', format },
    words: orderOf(format),
    about: 'day order',
  }));
}

/** `d/m/y`, or the format itself where a month is named. */
export function orderOf(format: string): string {
  const codes = [...format.matchAll(/%-?([dmYy])/g)].map(([, code]) => code!.toLowerCase());
  return codes.length === 3 ? codes.join('/') : format;
}

function numbers(texts: readonly string[]): Spelling[] {
  const prefix = commonPart(texts, PREFIX);
  const suffix = commonPart(texts, SUFFIX);
  const bodies = texts.map((text) =>
    text.replace(prefix, '').slice(0, suffix === '' ? undefined : -suffix.length),
  );
  if (!bodies.every((body) => NUMBER.test(body))) return [];
  const marks = new Set(bodies.flatMap((body) => GROUPS.exec(body)?.[1] ?? []));
  const hasComma = bodies.some((body) => /,\d+$/.test(body));
  const around = { ...(prefix !== '' && { prefix }), ...(suffix !== '' && { suffix }) };
  const ways: Array<Omit<ColumnPin, 'type'>> = [
    ...[...marks].flatMap((thousands) => [
      ...(thousands === '.' ? [] : [{ ...around, thousands }]),
      ...(thousands === ',' ? [] : [{ ...around, thousands, decimal: ',' as const }]),
    ]),
    ...(hasComma ? [{ ...around, decimal: ',' as const }] : []),
    ...(prefix + suffix === '' ? [] : [around]),
  ];
  return ways.flatMap((way) =>
    ['BIGINT', 'DOUBLE'].map((type) => ({
      pin: { type, ...way },
      words: inWords(way),
      about: 'decimal' in way ? 'decimal mark' : 'number spelling',
    })),
  );
}

function commonPart(texts: readonly string[], pattern: RegExp): string {
  const part = pattern.exec(texts[0]!)?.[1] ?? '';
  return texts.every((text) => pattern.exec(text)?.[1] === part) ? part : '';
}

function inWords({ prefix, suffix, thousands, decimal }: Omit<ColumnPin, 'type'>): string {
  const parts = [
    ...(prefix === undefined ? [] : [`behind ${JSON.stringify(prefix)}`]),
    ...(suffix === undefined ? [] : [`before ${JSON.stringify(suffix)}`]),
    ...(thousands === undefined ? [] : [`with ${JSON.stringify(thousands)} for thousands`]),
    ...(decimal === undefined ? [] : [`with ${JSON.stringify(decimal)} for the decimal mark`]),
  ];
  return `numbers ${parts.join(', ')}`;
}
