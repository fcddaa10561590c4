/** A cell of a dBASE table as the text that is exactly it. */
import type { DbaseField } from './header.js';

/** Of the years before Christ to the first of January 1970. */
const JULIAN_1970 = 2_440_588;
const DAY_MS = 86_400_000;

/** Texts are in a file beside the table. */
export const MEMO = /[MGP]/;

/** `null` for a missing value: dBASE keeps blanks for it. */
export function cellOf(
  bytes: Buffer,
  { type }: Pick<DbaseField, 'type'>,
  decode: (bytes: Buffer) => string,
): string | null {
  switch (type) {
    case 'N':
    case 'F':
      return numberOf(bytes.toString('latin1').replaceAll('\0', ' ').trim());
    case 'D':
      return dateOf(bytes.toString('latin1').replaceAll('\0', ' ').trim());
    case 'L':
      return truthOf(bytes.toString('latin1').trim());
    case 'I':
    case '+':
      return bytes.length === 4 ? String(bytes.readInt32LE()) : null;
    case 'B':
    case 'O':
      return bytes.length === 8 ? String(bytes.readDoubleLE()) : null;
    case 'Y':
      return moneyOf(bytes.readBigInt64LE(), 4);
    case 'T':
    case '@':
      return momentOf(bytes.readInt32LE(), bytes.readInt32LE(4));
    default:
      if (MEMO.test(type)) return null;
      return textOf(decode(bytes));
  }
}

function textOf(text: string): string | null {
  const trimmed = text.replace(/[ \0]+$/, '');
  return trimmed === '' ? null : trimmed;
}

/** Stars stand for a number that was too long for its field. */
function numberOf(text: string): string | null {
  return text === '' || /^\*+$/.test(text) ? null : text;
}

function dateOf(text: string): string | null {
  if (text === '' || /^0+$/.test(text)) return null;
  return /^\d{8}$/.test(text) ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}` : text;
}

function truthOf(text: string): string | null {
  if (/^[TtYy]$/.test(text)) return 'true';
  if (/^[FfNn]$/.test(text)) return 'false';
  return text === '' || text === '?' || text === '\0' ? null : text;
}

function moneyOf(units: bigint, decimals: number): string {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

function momentOf(day: number, ms: number): string | null {
  if (day === 0 && ms === 0) return null;
  const time = (day - JULIAN_1970) * DAY_MS + ms;
  return Math.abs(time) > 8.64e15
    ? null
    : new Date(time)
        .toISOString()
        .replace('T', ' ')
        .replace(/(\.000)?Z$/, '');
}
