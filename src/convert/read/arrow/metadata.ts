/** Looks through the metadata of Arrow messages before the library does, which takes every length in it as it stands. */

/** A table of FlatBuffers: its fields stand where its vtable says. Reads beyond the buffer are a RangeError. */
class FlatTable {
  readonly #vtable: number;
  readonly #fields: number;

  constructor(
    private readonly bytes: Buffer,
    readonly at: number,
  ) {
    this.#vtable = at - bytes.readInt32LE(at);
    this.#fields = bytes.readUInt16LE(this.#vtable);
  }

  static root(bytes: Buffer): FlatTable {
    return new FlatTable(bytes, bytes.readUInt32LE(0));
  }

  /** Of the field's value; 0 where the table has none. */
  placeOf(field: number): number {
    const slot = 4 + 2 * field;
    if (slot + 2 > this.#fields) return 0;
    const offset = this.bytes.readUInt16LE(this.#vtable + slot);
    return offset === 0 ? 0 : this.at + offset;
  }

  byte(field: number): number {
    const at = this.placeOf(field);
    return at === 0 ? 0 : this.bytes.readUInt8(at);
  }

  long(field: number): number {
    const at = this.placeOf(field);
    return at === 0 ? 0 : this.longAt(at);
  }

  longAt(at: number): number {
    return Number(this.bytes.readBigInt64LE(at));
  }

  table(field: number): FlatTable | undefined {
    const at = this.placeOf(field);
    return at === 0 ? undefined : new FlatTable(this.bytes, at + this.bytes.readUInt32LE(at));
  }

  /** Where the elements begin, and how many they are: all of them within the buffer. */
  vector(field: number, elementBytes: number): { at: number; count: number } {
    const place = this.placeOf(field);
    if (place === 0) return { at: 0, count: 0 };
    const at = place + this.bytes.readUInt32LE(place);
    const count = this.bytes.readUInt32LE(at);
    if (at + 4 + count * elementBytes > this.bytes.length)
      throw new RangeError('a vector that is too long');
    return { at: at + 4, count };
  }

  tables(field: number): FlatTable[] {
    const { at, count } = this.vector(field, 4);
    return Array.from({ length: count }, (_x, index) => {
      const place = at + 4 * index;
      return new FlatTable(this.bytes, place + this.bytes.readUInt32LE(place));
    });
  }
}

export interface MessageHeader {
  /** Of the union `MessageHeader`: 1 a schema, 2 a dictionary, 3 records. */
  readonly kind: number;
  readonly bodyBytes: number;
}

const SCHEMA = 1;
const DICTIONARY = 2;
const RECORDS = 3;
/** Its type says which of its children has which number. */
const UNION = 14;
const DEEPEST = 64;

/**
 * `Message.fbs` and `Schema.fbs` of Arrow 1.5.
 * @throws RangeError for metadata that refers to what is not there
 */
export function readHeader(metadata: Buffer): MessageHeader {
  const message = FlatTable.root(metadata);
  const kind = message.byte(1);
  const header = message.table(2);
  if (header && kind === SCHEMA) checkFields(header, 1, { left: metadata.length }, 0);
  if (header && kind === RECORDS) checkRecords(header);
  const data = kind === DICTIONARY ? header?.table(1) : undefined;
  if (data) checkRecords(data);
  if (!header) throw new RangeError('a message without a header');
  return { kind, bodyBytes: message.long(3) };
}

export interface Footer {
  /** A message of the schema, as streams begin with one. */
  readonly schema: Buffer;
  /** Of dictionaries, then of records: where each begins in the file. Dictionaries may lie behind what needs them. */
  readonly offsets: readonly number[];
}

const BLOCK_BYTES = 24;
/** A message (version 5, of a schema) whose header lies behind it: root, vtable, table. */
const WRAPPER = [16, 0, 0, 0, 12, 0, 12, 0, 4, 0, 6, 0, 8, 0, 0, 0, 12, 0, 0, 0, 4, 0, SCHEMA, 0];
const WRAPPER_BYTES = WRAPPER.length + 4;
const MESSAGE_PREFIX = 8;

/**
 * `Footer` of `File.fbs`.
 * @throws RangeError
 */
export function readFooter(bytes: Buffer): Footer {
  const footer = FlatTable.root(bytes);
  const schema = footer.table(1);
  if (!schema) throw new RangeError('a footer without a schema');
  checkFields(schema, 1, { left: bytes.length }, 0);
  const offsets = [2, 3].flatMap((field) => {
    const { at, count } = footer.vector(field, BLOCK_BYTES);
    return Array.from({ length: count }, (_x, index) => footer.longAt(at + BLOCK_BYTES * index));
  });
  const padding = (8 - ((WRAPPER_BYTES + bytes.length) % 8)) % 8;
  const message = Buffer.alloc(MESSAGE_PREFIX + WRAPPER_BYTES + bytes.length + padding);
  message.writeInt32LE(-1, 0);
  message.writeInt32LE(message.length - MESSAGE_PREFIX, 4);
  message.set(WRAPPER, MESSAGE_PREFIX);
  // Offsets of FlatBuffers count from where they stand: the footer keeps its own.
  message.writeUInt32LE(4 + schema.at, MESSAGE_PREFIX + WRAPPER.length);
  message.set(bytes, MESSAGE_PREFIX + WRAPPER_BYTES);
  return { schema: message, offsets };
}

/** @param room Shared by all fields: several may refer to the same children, and so on without an end. */
function checkFields(
  parent: FlatTable,
  field: number,
  room: { left: number },
  depth: number,
): void {
  if (depth > DEEPEST) throw new RangeError('fields within fields without an end');
  for (const one of parent.tables(field)) {
    if ((room.left -= 1) < 0) throw new RangeError('more fields than there is room for');
    one.vector(0, 1);
    if (one.byte(2) === UNION) one.table(3)?.vector(1, 4);
    checkFields(one, 5, room, depth + 1);
    one.tables(6).forEach(checkPair);
  }
  if (depth === 0) parent.tables(2).forEach(checkPair);
}

function checkPair(pair: FlatTable): void {
  pair.vector(0, 1);
  pair.vector(1, 1);
}

function checkRecords(records: FlatTable): void {
  records.vector(1, 16);
  const buffers = records.vector(2, 16).count;
  const { at, count } = records.vector(4, 8);
  for (let index = 0; index < count; index += 1) {
    const views = records.longAt(at + 8 * index);
    if (!(views >= 0 && views <= buffers)) throw new RangeError('more views than buffers');
  }
}
