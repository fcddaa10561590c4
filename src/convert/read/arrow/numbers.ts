/** Numbers, days, times, moments and decimals of Arrow arrays as the text that is exactly each of them. */
import { Type, type DataType } from '@uwdata/flechette';
import { clockText, dayText, momentText, type Unit } from '../moment-text.js';
import { realText } from '../number-text.js';
import { requireRoom } from './buffers.js';
import { ArrowDamage } from './messages.js';
import { bare, quoted, type Values } from './value.js';
import type { ArrowArray } from './values.js';

export const UNITS: readonly Unit[] = ['s', 'ms', 'us', 'ns'];
const DAY_MS = 86_400_000n;

/** What is counted in numbers of one width. */
export function numbers(array: ArrowArray, type: DataType): Values {
  const { values, length } = array as { values: ArrayLike<number | bigint>; length: number };
  const numberAt = (index: number): number | bigint => values[index]!;
  const countAt = (index: number): bigint => BigInt(values[index]!);
  if (type.typeId === Type.Decimal) return decimals(array, type.scale, type.bitWidth);
  if (type.typeId === Type.Interval) return intervals(array, type.unit);
  requireRoom(values.length, length);
  switch (type.typeId) {
    case Type.Int:
    case Type.Duration:
      return bare((index) => String(numberAt(index)));
    case Type.Float:
      return floats(
        type.precision === 0
          ? (index) => halfOf(Number(numberAt(index)))
          : (index) => Number(numberAt(index)),
      );
    case Type.Date:
      return quoted(
        type.unit === 0
          ? (index) => dayText(countAt(index))
          : (index) => dateOfMilliseconds(countAt(index)),
      );
    case Type.Time:
      return quoted((index) => clockText(countAt(index), UNITS[type.unit]!));
    case Type.Timestamp: {
      const zone = type.timezone ? '+00' : '';
      return quoted((index) => momentText(countAt(index), UNITS[type.unit]!) + zone);
    }
    default:
      throw new ArrowDamage(`a type that is not read here (${type.typeId})`);
  }
}

function dateOfMilliseconds(count: bigint): string {
  return count % DAY_MS === 0n ? dayText(count / DAY_MS) : momentText(count, 'ms');
}

/** JSON has no word for what is no number. */
function floats(numberAt: (index: number) => number): Values {
  const textAt = (index: number): string => realText(numberAt(index));
  return {
    textAt,
    jsonAt: (index) => (Number.isFinite(numberAt(index)) ? textAt(index) : `"${textAt(index)}"`),
  };
}

/** IEEE 754, binary16. */
export function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = (bits & 0x3ff) / 1024;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -14 : sign * (1 + fraction) * 2 ** (exponent - 15);
}

function decimals(array: ArrowArray, scale: number, bitWidth: number): Values {
  const { values, length } = array as unknown as { values: ArrayBufferView; length: number };
  const words = bitWidth / 32;
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
  requireRoom(view.byteLength / (4 * words), length);
  return bare((index) => {
    let units = 0n;
    for (let word = words - 1; word >= 0; word -= 1) {
      units = (units << 32n) | BigInt(view.getUint32(4 * (index * words + word), true));
    }
    return decimalText(BigInt.asIntN(bitWidth, units), scale);
  });
}

/** A negative scale stands for zeros at the end. */
function decimalText(units: bigint, scale: number): string {
  if (scale <= 0) return String(units * 10n ** BigInt(-scale));
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** As an object: no text of SQL would keep months, days and the rest apart in every reader. */
function intervals(array: ArrowArray, unit: number): Values {
  const { values, length } = array as unknown as { values: ArrayBufferView; length: number };
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
  const width = [4, 8, 16][unit]!;
  requireRoom(view.byteLength / width, length);
  return bare((index) => {
    const at = index * width;
    const first = view.getInt32(at, true);
    if (unit === 0) return `{"months":${first}}`;
    const second = view.getInt32(at + 4, true);
    if (unit === 1) return `{"days":${first},"milliseconds":${second}}`;
    return `{"months":${first},"days":${second},"nanoseconds":${view.getBigInt64(at + 8, true)}}`;
  });
}
