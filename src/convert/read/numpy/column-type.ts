/** Types of NumPy, and their values as the text that is exactly each of them. */
import { halfOf } from '../arrow/numbers.js';
import { NotText } from '../binary/code-page.js';
import { Damage, NoTable } from '../binary/damage.js';
import { dayText, momentText, UNITS_A_SECOND, type Unit } from '../moment-text.js';
import { realText } from '../number-text.js';

type Read = (bytes: Buffer, at: number) => string | null;

export interface ColumnType {
  /** As NumPy writes it: `<i8`, `|S5`. */
  readonly typeName: string;
  readonly bytes: number;
  /** Of its first byte in a record. */
  readonly offset: number;
  readonly declared?: 'VARCHAR';
  /** What its numbers count. */
  readonly counts?: string;
  readonly read: Read;
}

const TYPE = /^([<>|=])?([?a-zA-Z])(\d*)(?:\[(\d*)([a-zA-Zμ]+)\])?$/;
/** Not a time. */
const NAT = -(2n ** 63n);
const UTF32_BYTES = 4;
const SECONDS: Readonly<Record<string, bigint>> = { h: 3600n, m: 60n };
const MOST_TEXT_BYTES = 1 << 20;

/** @throws NoTable for what is no cell, Damage */
export function columnType(typeName: string, offset: number): ColumnType {
  const [, order, letter, size, times, unit] = TYPE.exec(typeName) ?? [];
  if (letter === undefined) throw new Damage(`the unknown type ${JSON.stringify(typeName)}`);
  const isBig = order === '>';
  const bytes = letter === '?' ? 1 : Number(size) * (letter === 'U' ? UTF32_BYTES : 1);
  const base = { typeName, bytes, offset };
  const read = (one: Read | undefined): Read => {
    if (one) return one;
    throw new NoTable(`a NumPy array of values that are not read (${typeName})`);
  };
  switch (letter) {
    case 'O':
      throw new NoTable('a NumPy array of pickled objects, and opening them would run programs');
    case 'b':
    case '?':
      return { ...base, read: read(bytes === 1 ? (row, at) => String(row[at] !== 0) : undefined) };
    case 'i':
    case 'u':
      return { ...base, read: read(integer(letter === 'i', bytes, isBig)) };
    case 'f':
      return { ...base, read: read(real(bytes, isBig)) };
    case 'S':
    case 'a':
    case 'U': {
      const isText = bytes > 0 && bytes <= MOST_TEXT_BYTES;
      const text = letter === 'U' ? wideText(bytes, isBig) : byteText(bytes);
      return { ...base, declared: 'VARCHAR', read: read(isText ? text : undefined) };
    }
    case 'M':
    case 'm': {
      const isCount = bytes === 8 && (times === '' || times === '1') && unit !== undefined;
      const moment = letter === 'm' ? String : isCount ? momentOf(unit) : undefined;
      const one = isCount && moment ? counted(moment, isBig) : undefined;
      return { ...base, read: read(one), ...(letter === 'm' && isCount && { counts: unit }) };
    }
    default:
      return { ...base, read: read(undefined) };
  }
}

function integer(isSigned: boolean, bytes: number, isBig: boolean): Read | undefined {
  if (bytes === 8) {
    return (row, at) => {
      const bits = isBig ? row.readBigUInt64BE(at) : row.readBigUInt64LE(at);
      return String(isSigned ? BigInt.asIntN(64, bits) : bits);
    };
  }
  if (![1, 2, 4].includes(bytes)) return undefined;
  if (isSigned)
    return (row, at) => String(isBig ? row.readIntBE(at, bytes) : row.readIntLE(at, bytes));
  return (row, at) => String(isBig ? row.readUIntBE(at, bytes) : row.readUIntLE(at, bytes));
}

function real(bytes: number, isBig: boolean): Read | undefined {
  if (bytes === 2)
    return (row, at) => realText(halfOf(isBig ? row.readUInt16BE(at) : row.readUInt16LE(at)));
  if (bytes === 4) return (row, at) => realText(isBig ? row.readFloatBE(at) : row.readFloatLE(at));
  if (bytes === 8)
    return (row, at) => realText(isBig ? row.readDoubleBE(at) : row.readDoubleLE(at));
  return undefined;
}

function counted(textOf: (count: bigint) => string, isBig: boolean): Read {
  return (row, at) => {
    const count = isBig ? row.readBigInt64BE(at) : row.readBigInt64LE(at);
    return count === NAT ? null : textOf(count);
  };
}

/** Years and months as NumPy shows them: `2020`, `2020-01`. */
function momentOf(unit: string): ((count: bigint) => string) | undefined {
  if (unit in UNITS_A_SECOND) return (count) => momentText(count, unit as Unit);
  if (unit === 'D') return dayText;
  if (unit === 'W') return (count) => dayText(count * 7n);
  if (unit === 'Y') return (count) => String(count + 1970n);
  if (unit === 'M') {
    return (count) => {
      const month = ((count % 12n) + 12n) % 12n;
      const year = 1970n + (count - month) / 12n;
      return `${String(year).padStart(4, '0')}-${String(month + 1n).padStart(2, '0')}`;
    };
  }
  const seconds = SECONDS[unit];
  return seconds === undefined ? undefined : (count) => momentText(count * seconds, 's');
}

function byteText(bytes: number): Read {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return (row, at) => {
    let end = at + bytes;
    while (end > at && row[end - 1] === 0) end -= 1;
    try {
      return decoder.decode(row.subarray(at, end));
    } catch (error) {
      if (error instanceof TypeError) throw new NotText('a text that is not UTF-8');
      throw error;
    }
  };
}

function wideText(bytes: number, isBig: boolean): Read {
  return (row, at) => {
    let text = '';
    let zeros = '';
    for (let place = at; place < at + bytes; place += UTF32_BYTES) {
      const code = isBig ? row.readUInt32BE(place) : row.readUInt32LE(place);
      if (code > 0x10_ffff || (code >= 0xd800 && code < 0xe000))
        throw new NotText('a text with numbers that are no characters');
      if (code === 0) zeros += '\0';
      else {
        text += zeros + String.fromCodePoint(code);
        zeros = '';
      }
    }
    return text;
  };
}
