/**
 * Writes anew what a Parquet file says of itself: its key-value metadata, which stand in the footer behind all data. The
 * footer is one Thrift struct in the compact protocol; every other field of it stays as it is, byte for byte.
 * https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift (FileMetaData)
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
import { open, type FileHandle } from 'node:fs/promises';

const MAGIC = Buffer.from('PAR1');
/** Four bytes for the length of the footer, little-endian, and the magic. */
const TAIL_BYTES = 8;

/** Of FileMetaData: `5: optional list<KeyValue> key_value_metadata`. */
const KEY_VALUES = 5;

/** Types of the compact protocol. */
const TYPE = {
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  map: 11,
  struct: 12,
} as const;

interface Field {
  readonly id: number;
  readonly type: number;
  /** What stands behind its header. */
  readonly body: Buffer;
}

/**
 * The file has these pairs and no others afterwards, in their order; none leave it without any. Not in one step: a file
 * that has no name yet. Throws for what is no Parquet file.
 * @param file Absolute.
 */
export async function replaceMetadata(
  file: string,
  pairs: Readonly<Record<string, string>>,
): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    const { footer, from } = await readFooter(handle);
    const written = encodeFields(withPairs(fieldsOf(footer), pairs));
    const tail = Buffer.alloc(TAIL_BYTES);
    tail.writeUInt32LE(written.length);
    MAGIC.copy(tail, 4);
    const end = Buffer.concat([written, tail]);
    await handle.write(end, 0, end.length, from);
    await handle.truncate(from + end.length);
  } finally {
    await handle.close();
  }
}

async function readFooter(handle: FileHandle): Promise<{ footer: Buffer; from: number }> {
  const { size } = await handle.stat();
  const tail = Buffer.alloc(TAIL_BYTES);
  if (size >= TAIL_BYTES) await handle.read(tail, 0, TAIL_BYTES, size - TAIL_BYTES);
  const from = size - TAIL_BYTES - tail.readUInt32LE();
  if (!tail.subarray(4).equals(MAGIC) || from < MAGIC.length) throw new Error('no Parquet file');
  const footer = Buffer.alloc(size - TAIL_BYTES - from);
  await handle.read(footer, 0, footer.length, from);
  return { footer, from };
}

function withPairs(fields: readonly Field[], pairs: Readonly<Record<string, string>>): Field[] {
  const entries = Object.entries(pairs);
  const others = fields.filter(({ id }) => id !== KEY_VALUES);
  if (entries.length === 0) return others;
  const list = encodeList(
    TYPE.struct,
    entries.map((pair) =>
      encodeFields(pair.map((text, at) => ({ id: at + 1, type: TYPE.binary, body: bytes(text) }))),
    ),
  );
  const field = { id: KEY_VALUES, type: TYPE.list, body: list };
  return [...others, field].sort((one, other) => one.id - other.id);
}

/** Of a struct, to the stop behind its last field. */
function fieldsOf(struct: Buffer): Field[] {
  const reader = new CompactReader(struct);
  const fields: Field[] = [];
  for (let id = 0; ;) {
    const header = reader.byte();
    if (header === 0) return fields;
    const type = header & 0x0f;
    id = header >> 4 === 0 ? fromZigzag(reader.varint()) : id + (header >> 4);
    const from = reader.at;
    reader.skip(type);
    fields.push({ id, type, body: struct.subarray(from, reader.at) });
  }
}

function encodeFields(fields: readonly Field[]): Buffer {
  let last = 0;
  const pieces = fields.flatMap(({ id, type, body }) => {
    const step = id - last;
    last = id;
    const isShort = step > 0 && step < 16;
    return [Buffer.from(isShort ? [(step << 4) | type] : [type, ...varint(zigzag(id))]), body];
  });
  return Buffer.concat([...pieces, Buffer.from([0])]);
}

function encodeList(type: number, items: readonly Buffer[]): Buffer {
  const { length } = items;
  const header = length < 15 ? [(length << 4) | type] : [0xf0 | type, ...varint(length)];
  return Buffer.concat([Buffer.from(header), ...items]);
}

function bytes(text: string): Buffer {
  const utf8 = Buffer.from(text);
  return Buffer.concat([Buffer.from(varint(utf8.length)), utf8]);
}

/** Seven bits a byte, the lowest first. */
function varint(value: number): number[] {
  const found: number[] = [];
  for (; value > 0x7f; value = Math.floor(value / 0x80)) found.push((value & 0x7f) | 0x80);
  return [...found, value];
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function fromZigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

/** Goes over values without making anything of them. Throws where the bytes end too early. */
class CompactReader {
  at = 0;
  readonly #bytes: Buffer;

  constructor(found: Buffer) {
    this.#bytes = found;
  }

  byte(): number {
    const found = this.#bytes[this.at++];
    if (found === undefined) throw new Error('a Parquet footer that ends too early');
    return found;
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const found = this.byte();
      value += (found & 0x7f) * factor;
      if (found < 0x80) return value;
    }
  }

  skip(type: number): void {
    switch (type) {
      case TYPE.true:
      case TYPE.false:
        return;
      case TYPE.byte:
        return this.#pass(1);
      case TYPE.i16:
      case TYPE.i32:
      case TYPE.i64:
        return void this.varint();
      case TYPE.double:
        return this.#pass(8);
      case TYPE.binary:
        return this.#pass(this.varint());
      case TYPE.list:
      case TYPE.set:
        return this.#skipList();
      case TYPE.map:
        return this.#skipMap();
      case TYPE.struct:
        return this.#skipStruct();
      default:
        throw new Error(`type ${type} in a Parquet footer`);
    }
  }

  #pass(count: number): void {
    this.at += count;
    if (this.at > this.#bytes.length) throw new Error('a Parquet footer that ends too early');
  }

  #skipList(): void {
    const header = this.byte();
    const length = header >> 4 === 15 ? this.varint() : header >> 4;
    for (let index = 0; index < length; index++) this.#skipItem(header & 0x0f);
  }

  #skipMap(): void {
    const length = this.varint();
    if (length === 0) return;
    const types = this.byte();
    for (let index = 0; index < length; index++) {
      this.#skipItem(types >> 4);
      this.#skipItem(types & 0x0f);
    }
  }

  /** Within a list or map, a truth value takes a byte; as a field, it is its type. */
  #skipItem(type: number): void {
    this.skip(type === TYPE.true || type === TYPE.false ? TYPE.byte : type);
  }

  #skipStruct(): void {
    for (;;) {
      const header = this.byte();
      if (header === 0) return;
      if (header >> 4 === 0) this.varint();
      this.skip(header & 0x0f);
    }
  }
}
