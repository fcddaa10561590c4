/** Lower and upper bounds of a column as Iceberg's binary single values: readers skip files by them. */

/** Characters of a text that are enough to skip a file by. */
const TEXT_CHARACTERS = 16;
const DAY_MS = 86_400_000;
const MAX_CODE_POINT = 0x10ffff;

/**
 * @param type a primitive of Iceberg
 * @param text the value as DuckDB prints it
 * @returns `undefined` where no bound can be given, which is always right
 * @see https://iceberg.apache.org/spec/#binary-single-value-serialization
 */
export function bound(type: string, text: string, side: 'lower' | 'upper'): Buffer | undefined {
  if (type === 'string') return side === 'lower' ? lowerText(text) : upperText(text);
  if (type === 'int') return whole(text, (value) => int32(Number(value)));
  if (type === 'long') return whole(text, int64);
  if (type.startsWith('decimal')) return decimal(text);
  if (type === 'double' || type === 'float') return floating(type, text, side);
  if (type === 'date') {
    const day = instantMs(`${text} 00:00:00`);
    return day === undefined ? undefined : int32(day / DAY_MS);
  }
  if (type === 'timestamp' || type === 'timestamptz') return micros(text);
  return undefined;
}

function whole(text: string, encode: (value: bigint) => Buffer): Buffer | undefined {
  return /^-?\d+$/.test(text) ? encode(BigInt(text)) : undefined;
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32LE(value);
  return buffer;
}

function int64(value: bigint): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64LE(value);
  return buffer;
}

/** The digits without their point, in as few bytes as two's complement needs, the highest first. */
function decimal(text: string): Buffer | undefined {
  const [, sign, digits, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const value = BigInt(`${sign}${digits}${fraction}`);
  let bytes = 1;
  while (BigInt.asIntN(8 * bytes, value) !== value) bytes += 1;
  const hex = BigInt.asUintN(8 * bytes, value).toString(16);
  return Buffer.from(hex.padStart(2 * bytes, '0'), 'hex');
}

/** A zero of either sign must be within the bounds of the other: Iceberg orders -0.0 before 0.0. */
function floating(type: 'double' | 'float', text: string, side: 'lower' | 'upper') {
  const value = text === 'inf' ? Infinity : text === '-inf' ? -Infinity : Number(text);
  if (Number.isNaN(value) || text.trim() === '') return undefined;
  const ordered = value === 0 ? (side === 'lower' ? -0 : 0) : value;
  const buffer = Buffer.alloc(type === 'double' ? 8 : 4);
  if (type === 'double') buffer.writeDoubleLE(ordered);
  else buffer.writeFloatLE(ordered);
  return buffer;
}

function micros(text: string): Buffer | undefined {
  const [, seconds, fraction = ''] =
    /^(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?(?:\+00)?$/.exec(text) ?? [];
  const ms = seconds === undefined ? undefined : instantMs(seconds);
  if (ms === undefined) return undefined;
  return int64(BigInt(ms) * 1000n + BigInt(fraction.padEnd(6, '0')));
}

/** Of years of four digits after Christ. */
function instantMs(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text)) return undefined;
  const ms = Date.parse(`${text.replace(' ', 'T')}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

function lowerText(text: string): Buffer {
  return Buffer.from([...text].slice(0, TEXT_CHARACTERS).join(''));
}

/** A text that was cut is made the next one of its length, so that it is above what it was cut from. */
function upperText(text: string): Buffer | undefined {
  const characters = [...text];
  if (characters.length <= TEXT_CHARACTERS) return Buffer.from(text);
  for (let length = TEXT_CHARACTERS; length > 0; length -= 1) {
    const next = nextCharacter(characters[length - 1]!);
    if (next !== undefined) return Buffer.from(characters.slice(0, length - 1).join('') + next);
  }
  return undefined;
}

function nextCharacter(character: string): string | undefined {
  const code = character.codePointAt(0)! + 1;
  if (code > MAX_CODE_POINT) return undefined;
  // Halves of pairs are no characters.
  return String.fromCodePoint(code >= 0xd800 && code <= 0xdfff ? 0xe000 : code);
}
