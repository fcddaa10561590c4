/** Logical types of Avro: days, moments, decimals; what a reader does not know is what it is stored as. */
import { clockText, dayText, momentText, type Unit } from '../moment-text.js';
import type { BlockReader } from './block-reader.js';
import { bare, quoted, type AvroType } from './type.js';

const UNITS: Readonly<Record<string, Unit>> = { millis: 'ms', micros: 'us', nanos: 'ns' };
const MOST_DIGITS = 38;

type Json = Readonly<Record<string, unknown>>;

export function logical(schema: Json): AvroType | undefined {
  const { type, logicalType } = schema;
  if (typeof logicalType !== 'string') return undefined;
  const isNumber = type === 'int' || type === 'long';
  if (logicalType === 'decimal') return decimal(schema);
  if (logicalType === 'date' && isNumber)
    return day(logicalType, (reader) => dayText(reader.long()));
  const [, kind, name] =
    /^(time|timestamp|local-timestamp)-(millis|micros|nanos)$/.exec(logicalType) ?? [];
  if (kind === undefined || !isNumber) return undefined;
  const unit = UNITS[name!]!;
  if (kind === 'time') return day(logicalType, (reader) => clockText(reader.long(), unit));
  const zone = kind === 'timestamp' ? '+00' : '';
  return day(logicalType, (reader) => momentText(reader.long(), unit) + zone);
}

/** Texts prove what they are. */
function day(name: string, text: (reader: BlockReader) => string): AvroType {
  const { declared: _none, ...type } = quoted(name, text);
  return type;
}

function decimal({ type, size, precision, scale = 0 }: Json): AvroType | undefined {
  const [digits, places] = [Number(precision), Number(scale)];
  const isBinary = type === 'bytes' || (type === 'fixed' && Number.isSafeInteger(size));
  const isWhole = Number.isSafeInteger(digits) && Number.isSafeInteger(places);
  if (!isBinary || !isWhole || digits < 1 || places < 0 || places > digits) return undefined;
  return {
    ...bare(`decimal(${digits},${places})`, (reader) => {
      const bytes = reader.take(type === 'bytes' ? reader.count() : Number(size));
      return decimalText(bytes, places);
    }),
    ...(digits <= MOST_DIGITS && { declared: `DECIMAL(${digits},${places})` }),
  };
}

function decimalText(bytes: Buffer, places: number): string {
  const units =
    bytes.length === 0 ? 0n : BigInt.asIntN(8 * bytes.length, BigInt(`0x${bytes.toString('hex')}`));
  if (places === 0) return String(units);
  const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
