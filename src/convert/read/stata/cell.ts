/** A cell of a Stata file as the text that is exactly it. */
import { untilZero } from '../binary/cursor.js';
import { dayText, momentText } from '../moment-text.js';
import { numberText } from '../number-text.js';
import type { StataColumn } from './file.js';

/** `.a` to `.z` say why a value is missing, `.` does not. */
export interface Missing {
  readonly reason: string;
}

type Cell = string | Missing;

const DAYS_1960 = 3653n;
const MILLISECONDS_1960 = DAYS_1960 * 86_400_000n;
/** Highest value of each type that is none; the 27 above it, in steps, are missing ones. */
const HIGHEST = { byte: 100, int: 32_740, long: 2_147_483_620 } as const;
const FLOAT_MISSING = 0x7f00_0000;
const FLOAT_STEP = 0x800;
const DOUBLE_MISSING = 0x7fe0_0000;
const DOUBLE_STEP = 0x100;
const REASONS = 26;

/** Of a number. @param bytes Those of the record. */
export function cellOf(bytes: Buffer, column: StataColumn, isBig: boolean): Cell {
  const { kind, offset } = column;
  switch (kind) {
    case 'byte':
      return whole(bytes.readInt8(offset), HIGHEST.byte, column);
    case 'int':
      return whole(
        isBig ? bytes.readInt16BE(offset) : bytes.readInt16LE(offset),
        HIGHEST.int,
        column,
      );
    case 'long':
      return whole(
        isBig ? bytes.readInt32BE(offset) : bytes.readInt32LE(offset),
        HIGHEST.long,
        column,
      );
    case 'float': {
      const bits = isBig ? bytes.readUInt32BE(offset) : bytes.readUInt32LE(offset);
      const value = isBig ? bytes.readFloatBE(offset) : bytes.readFloatLE(offset);
      return real(value, (bits - FLOAT_MISSING) / FLOAT_STEP, bits < 0x8000_0000, column);
    }
    default: {
      const bits = isBig ? bytes.readUInt32BE(offset) : bytes.readUInt32LE(offset + 4);
      const value = isBig ? bytes.readDoubleBE(offset) : bytes.readDoubleLE(offset);
      return real(value, (bits - DOUBLE_MISSING) / DOUBLE_STEP, bits < 0x8000_0000, column);
    }
  }
}

export function textBytes(bytes: Buffer, { offset, bytes: length }: StataColumn): Buffer {
  return untilZero(bytes.subarray(offset, offset + length));
}

function whole(value: number, highest: number, column: StataColumn): Cell {
  if (value > highest) return missing(value - highest - 1);
  return shown(value, column);
}

/** @param above Steps above the lowest missing value. */
function real(value: number, above: number, isPositive: boolean, column: StataColumn): Cell {
  if (isPositive && above >= 0) return missing(above);
  return shown(value, column);
}

function missing(above: number): Missing {
  const letter = Number.isInteger(above) && above >= 1 && above <= REASONS;
  return { reason: letter ? `.${String.fromCharCode(96 + above)}` : '.' };
}

function shown(value: number, { format }: StataColumn): string {
  if (!Number.isSafeInteger(value)) return numberText(value);
  if (isDay(format)) return dayText(BigInt(value) - DAYS_1960);
  if (isMoment(format)) return momentText(BigInt(value) - MILLISECONDS_1960, 'ms');
  return numberText(value);
}

export function isDay(format: string): boolean {
  return /^%-?t?d/.test(format);
}

export function isMoment(format: string): boolean {
  return /^%-?tc/.test(format);
}

const COUNTED: Readonly<Record<string, string>> = {
  C: 'milliseconds, leap seconds among them, from 1960',
  ...{ w: 'weeks from 1960, 52 a year', m: 'months from January 1960' },
  ...{ q: 'quarters from 1960', h: 'half years from 1960', b: 'days of a business calendar' },
};

/** What a number counts where it is neither a day nor a moment. */
export function countOf(format: string): string | undefined {
  return COUNTED[/^%-?t(.)/.exec(format)?.[1] ?? ''];
}
