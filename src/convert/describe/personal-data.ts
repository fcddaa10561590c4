/** Finds columns that hold data about persons, by their header and by their values. */
import { isIP } from 'node:net';
import { typeFamily } from './parquet-relation.js';
import { kindOfHeader, snakeCase } from './personal-headers.js';

/** Share of the looked-at values that must be of a kind. Low where a checksum or an @ leaves little doubt. */
const BY_VALUE: ReadonlyArray<
  readonly [kind: string, share: number, test: (value: string) => boolean]
> = [
  ['email', 0.05, holdsEmail],
  ['iban', 0.05, isIban],
  ['card', 0.8, isCardNumber],
  ['ip', 0.8, (value) => isIP(value.trim()) !== 0],
  ['phone', 0.6, isPhoneNumber],
];

const BARE_NAME = /^(name|nombre|nome|naam|navn|namn)$/;
/** A bare `name` may be a product; titles and `Surname, Given` show persons. */
const PERSON = /^\p{Lu}[\p{L}'’-]+, \p{Lu}|\b(Mr|Mrs|Miss|Ms|Mme|Mlle|Dr|Master)\b\.?/u;

/** The kind of personal data in a column, or `undefined`. `values` are distinct and not null. */
export function personalDataOf(
  column: { readonly type: string; readonly originalName: string },
  values: readonly string[],
): string | undefined {
  const family = typeFamily(column.type);
  if (family === 'boolean' || family === 'other') return undefined;
  const named = kindOfHeader(column.originalName);
  if (['integer', 'decimal', 'float'].includes(family)) {
    return named === undefined ? numbersOf(values) : isOfKind(named, values) ? named : undefined;
  }
  if (named === 'birth-date' || (named !== undefined && family !== 'temporal')) return named;
  if (family === 'temporal' || values.length === 0) return undefined;
  const shareOf = (test: (value: string) => boolean): number =>
    values.filter(test).length / values.length;
  if (
    BARE_NAME.test(snakeCase(column.originalName)) &&
    shareOf((value) => PERSON.test(value)) >= 0.2
  )
    return 'name';
  return BY_VALUE.find(([, share, test]) => shareOf(test) >= share)?.[0];
}

/** Digits that numbers of a kind have: the header of a count may have the same words. */
const DIGITS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  ...{ phone: [7, 15], card: [12, 19], 'national-id': [6, 15], ip: [9, 10], 'birth-date': [4, 8] },
};

/** Whether most of the numbers may be what the header says; a column without any is taken at its word. */
function isOfKind(kind: string, values: readonly string[]): boolean {
  const [least, most] = DIGITS[kind] ?? [Infinity, 0];
  const fit = values.filter((value) => {
    const [digits = ''] = /^\d+(?=\.0*$|$)/.exec(value) ?? [];
    return digits.length >= least && digits.length <= most;
  });
  return values.length === 0 ? kind in DIGITS : fit.length / values.length >= 0.6;
}

/** Card numbers are told from other numbers by their checksum. */
function numbersOf(values: readonly string[]): string | undefined {
  const cards = values.filter(isCardNumber).length;
  return values.length > 0 && cards / values.length >= 0.8 ? 'card' : undefined;
}

/** True of a value that must not be shown, whatever its column is: those whose form alone leaves little doubt. */
export function isPersonal(value: string): boolean {
  return holdsEmail(value) || isIban(value) || (value.length >= LEAST_CUT && CUT_EMAIL.test(value));
}

/** Characters of the shortest values that are cut where they are shown. */
const LEAST_CUT = 60;
const CUT_EMAIL = /[\w.+-]+@[\w.-]*$/;

function holdsEmail(value: string): boolean {
  return /[\w.+-]+@[\w-]+(\.[\w-]+)*\.[a-z]{2,}/i.test(value);
}

/** ISO 13616: letters as numbers, the country and check digits last, modulo 97 is 1. */
export function isIban(value: string): boolean {
  const text = value.replace(/[ -]/g, '').toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(text)) return false;
  const digits = (text.slice(4) + text.slice(0, 4)).replace(/[A-Z]/g, (letter) =>
    String(letter.charCodeAt(0) - 55),
  );
  return BigInt(digits) % 97n === 1n;
}

/** 13 to 19 digits, an issuer's first digit (ISO/IEC 7812), and Luhn's checksum. */
export function isCardNumber(value: string): boolean {
  const digits = value.trim().replace(/[ -]/g, '');
  if (!/^[2-6]\d{12,18}$/.test(digits)) return false;
  let sum = 0;
  for (const [index, digit] of [...digits].reverse().entries()) {
    const doubled = index % 2 === 1 ? Number(digit) * 2 : Number(digit);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** International with a plus (ITU-T E.164), North American, or French with its spacing. */
function isPhoneNumber(value: string): boolean {
  const text = value.trim();
  return (
    /^\+\d(?:[ ().-]?\d){6,14}$/.test(text) ||
    /^(\+?1[ .-]?)?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}$/.test(text) ||
    /^0\d(?:[ .-]\d{2}){4}$/.test(text)
  );
}
