/** The records of an Arrow file, a Feather file of version 2 or an Arrow stream, batch after batch. */
import { open, type FileHandle } from 'node:fs/promises';
import { setCompressionCodec, tableFromIPC, Type, type Field, type Table } from '@uwdata/flechette';
import { decompress as decompressZstd } from 'fzstd';
import { ImportError } from '../../../errors/index.js';
import { positionedName } from '../canonical-csv.js';
import type { RecordReader, SourceRecord } from '../record.js';
import { decompressLz4Frame } from './lz4-frame.js';
import { ArrowDamage, listMessages, readMessage, type Message } from './messages.js';
import { typeName } from './type-name.js';
import type { Values } from './value.js';
import { NotUtf8, valuesOf } from './values.js';

/** Batches of dictionaries are decoded together: each time costs the dictionary again. */
const READ_TOGETHER_BYTES = 16 << 20;
/** What one buffer may become: no writer makes batches of so much. */
const MOST_BUFFER_BYTES = 2 ** 31 - 1;
const MOST_BATCH_ROWS = 2 ** 31 - 1;
/** All values as they are stored: as numbers of JavaScript some would be rounded. */
const AS_STORED = { useBigInt: true, useBigIntTimestamp: true, useDecimalInt: true } as const;
const UNITS = ['seconds', 'milliseconds', 'microseconds', 'nanoseconds'];

const LZ4 = 0;
const ZSTD = 1;
setCompressionCodec(LZ4, codecOf(decompressLz4Frame));
setCompressionCodec(
  ZSTD,
  codecOf((bytes, size) => decompressZstd(bytes, new Uint8Array(size))),
);

/**
 * Texts stay texts, decimals decimals, and binary values are written in hexadecimal; lists, structs and maps are JSON.
 * @throws FORMAT_UNREADABLE
 */
export async function arrowRecords(absolutePath: string, place: string): Promise<RecordReader> {
  const asError = (error: unknown): unknown => unreadable(error, place);
  try {
    const { schema, others } = await listMessages(absolutePath);
    const { fields, endianness } = tableFromIPC([schema], AS_STORED).schema;
    if (endianness !== 0) throw new ArrowDamage('numbers whose first byte is the highest');
    return {
      columns: fields.map(({ name }, at) => positionedName(name, at)),
      originalTypes: fields.map(({ type }) => typeName(type)),
      declaredTypes: fields.map(declaredType),
      dialect: { batches: others.filter(({ kind }) => kind === 'records').length },
      async *source() {
        for (const remark of fields.flatMap(remarksOn)) yield { remark };
        try {
          yield* recordsOf(absolutePath, schema, others, fields);
        } catch (error) {
          throw asError(error);
        }
      },
    };
  } catch (error) {
    throw asError(error);
  }
}

async function* recordsOf(
  absolutePath: string,
  schema: Uint8Array,
  messages: readonly Message[],
  fields: readonly Field[],
): AsyncGenerator<SourceRecord> {
  const names = fields.map(({ name }, at) => positionedName(name, at));
  let line = 0;
  for (const together of groups(messages)) {
    const table = await tableOf(absolutePath, schema, together);
    const bytes = together.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0);
    const share = bytes / Math.max(1, table.numRows);
    const batches = table.children[0]?.data.length ?? 0;
    for (let batch = 0; batch < batches; batch += 1) {
      const arrays = table.children.map(({ data }) => data[batch]!);
      const length = arrays[0]!.length;
      if (length > MOST_BATCH_ROWS || arrays.some((array) => array.length !== length)) {
        throw new ArrowDamage('columns of different lengths');
      }
      const columns = arrays.map(valuesOf);
      for (let row = 0; row < length; row += 1) yield recordOf(columns, names, row, ++line, share);
    }
  }
}

function recordOf(
  columns: readonly Values[],
  names: readonly string[],
  row: number,
  line: number,
  bytes: number,
): SourceRecord {
  const cells = new Map<string, string | null>();
  for (const [at, column] of columns.entries()) {
    try {
      cells.set(names[at]!, column.textAt(row));
    } catch (error) {
      if (!(error instanceof NotUtf8)) throw error;
      return { bytes, reject: { line, reason: `column ${at + 1}: ${error.message}`, raw: '' } };
    }
  }
  return { bytes, cells };
}

/** Some batches of records, with all dictionaries that came before them. */
function* groups(messages: readonly Message[]): Generator<Message[]> {
  const dictionaries: Message[] = [];
  let together: Message[] = [];
  let bytes = 0;
  for (const message of messages) {
    if (message.kind === 'dictionary') {
      if (together.length > 0) yield [...dictionaries, ...together];
      [together, bytes] = [[], 0];
      dictionaries.push(message);
      continue;
    }
    together.push(message);
    bytes += message.bodyBytes;
    if (bytes < READ_TOGETHER_BYTES) continue;
    yield [...dictionaries, ...together];
    [together, bytes] = [[], 0];
  }
  if (together.length > 0) yield [...dictionaries, ...together];
}

async function tableOf(
  absolutePath: string,
  schema: Uint8Array,
  messages: readonly Message[],
): Promise<Table> {
  const file: FileHandle = await open(absolutePath);
  try {
    const parts = [schema];
    for (const message of messages) parts.push(await readMessage(file, message));
    return tableFromIPC(parts, AS_STORED);
  } finally {
    await file.close();
  }
}

/** What the proof tries first, and nothing narrower: `00123` is a text where the file says so. */
function declaredType({ type }: Field): string | undefined {
  if (type.typeId === Type.Dictionary) return declaredType({ type: type.dictionary } as Field);
  if (type.typeId === Type.Decimal && type.precision <= 38 && type.scale >= 0)
    return `DECIMAL(${Math.max(type.precision, type.scale)},${type.scale})`;
  const isText = [Type.Utf8, Type.LargeUtf8, Type.Utf8View, Type.Binary, Type.LargeBinary];
  const isHex = [Type.BinaryView, Type.FixedSizeBinary];
  return [...isText, ...isHex].some((one) => one === type.typeId) ? 'VARCHAR' : undefined;
}

function remarksOn({ name, type }: Field): string[] {
  const column = `column ${JSON.stringify(name)}`;
  if (type.typeId === Type.Duration) return [`${column} counts ${UNITS[type.unit]}`];
  const binary = [Type.Binary, Type.LargeBinary, Type.BinaryView, Type.FixedSizeBinary];
  if (!binary.some((one) => one === type.typeId)) return [];
  return [`the binary values of ${column} are written in hexadecimal`];
}

function codecOf(decompress: (bytes: Uint8Array, size: number) => Uint8Array) {
  return {
    decode(bytes: Uint8Array, size: number): Uint8Array {
      if (!(size >= 0 && size <= MOST_BUFFER_BYTES)) {
        throw new ArrowDamage(`a compressed buffer of ${size} bytes`);
      }
      return decompress(bytes, size);
    },
    encode: (): Uint8Array => {
      throw new Error('nothing is compressed here');
    },
  };
}

/** The library ends with errors of any kind where a file is damaged; those of the disk are its own. */
function unreadable(error: unknown, place: string): unknown {
  if (!(error instanceof Error) || error instanceof ImportError || 'syscall' in error) return error;
  return new ImportError('FORMAT_UNREADABLE', {
    place,
    expected: 'an Arrow file, a Feather file of version 2 or an Arrow stream',
    found: error.message,
    cause: error,
  });
}
