/** The tables of a SAS transport file: versions 5 and 8 (SAS, "Record Layout of a SAS Version 5 or 6 / 8 or 9 Data Set in SAS Transport Format"). */
import { open, type FileHandle } from 'node:fs/promises';
import { Cursor } from '../binary/cursor.js';
import { Damage } from '../binary/damage.js';

export interface TransportColumn {
  readonly name: Buffer;
  readonly label: Buffer;
  readonly isText: boolean;
  readonly bytes: number;
  readonly offset: number;
  /** How SAS shows it: `DATE`, `$CHAR`, none. */
  readonly format: string;
}

export interface TransportTable {
  readonly name: string;
  readonly columns: readonly TransportColumn[];
  readonly recordBytes: number;
  /** Of its records in the file, from where to where; what is no whole record at the end is blank. */
  readonly start: number;
  readonly end: number;
}

/** Everything stands in records of so many bytes. */
export const CARD = 80;
const START = /^HEADER RECORD\*{7}(LIBRARY |LIBV8 {3})HEADER RECORD!{7}/;
const HEADER = /^HEADER RECORD\*{7}(\w{1,8}) *HEADER RECORD!{7}(.{32})/s;
const TABLE = /^MEM(BER|BV8)$/;
/** Of the description of a column; on a VAX they are shorter. */
const NAME_BYTES = new Set([136, 140]);
const SCAN_BYTES = CARD << 14;

export function isTransport(head: Buffer): boolean {
  return START.test(head.toString('latin1', 0, CARD));
}

/** @throws Damage, RangeError */
export async function listTransport(absolutePath: string): Promise<TransportTable[]> {
  const file = await open(absolutePath);
  try {
    const { size } = await file.stat();
    if (size % CARD !== 0) {
      throw new Damage(`${size} bytes, no multiple of ${CARD}: the file was not copied to its end`);
    }
    const headers = await headersOf(file, size);
    const starts = [...headers.keys()].filter((at) => TABLE.test(headers[at]!.kind));
    if (starts.length === 0) throw new Damage('no table: the file was not copied to its end');
    const tables: TransportTable[] = [];
    for (const [index, at] of starts.entries()) {
      const next = starts[index + 1];
      const end = next === undefined ? size : headers[next]!.place;
      tables.push(await tableOf(file, headers.slice(at, next), end));
    }
    return tables;
  } finally {
    await file.close();
  }
}

interface Header {
  readonly kind: string;
  /** Of the record itself. */
  readonly place: number;
  /** What stands behind its name. */
  readonly rest: string;
}

/** Nothing says where a table ends but the header of the next. */
async function headersOf(file: FileHandle, size: number): Promise<Header[]> {
  const headers: Header[] = [];
  const piece = Buffer.alloc(SCAN_BYTES);
  for (let from = 0; from < size; from += SCAN_BYTES) {
    const { bytesRead } = await file.read(piece, 0, SCAN_BYTES, from);
    for (let at = piece.indexOf('HEADER RECORD*******'); at !== -1 && at < bytesRead;) {
      const card = piece.toString('latin1', at, at + CARD);
      const [, kind, rest] = (at % CARD === 0 && HEADER.exec(card)) || [];
      if (kind !== undefined) headers.push({ kind, place: from + at, rest: rest! });
      at = piece.indexOf('HEADER RECORD*******', at + 1);
    }
  }
  return headers;
}

async function tableOf(
  file: FileHandle,
  headers: readonly Header[],
  end: number,
): Promise<TransportTable> {
  const find = (kinds: RegExp): Header => {
    const found = headers.find(({ kind }) => kinds.test(kind));
    if (found) return found;
    throw new Damage('a table without its descriptions: the file was not copied to its end');
  };
  const read = async (from: number, bytes: number): Promise<Buffer> => {
    if (from + bytes > end) throw new Damage('a table that is cut short');
    const taken = Buffer.alloc(bytes);
    await file.read(taken, 0, bytes, from);
    return taken;
  };
  const [descriptor, names] = [find(/^DSC(RPTR|PTV8)$/), find(/^NAM(ESTR|STV8)$/)];
  const start = find(/^OBS(V8)?$/).place + CARD;
  const isNew = names.kind === 'NAMSTV8';
  const count = Number(names.rest.slice(5, 10));
  const nameBytes = Number(headers[0]!.rest.slice(27, 30));
  if (!(count > 0) || !NAME_BYTES.has(nameBytes)) throw new Damage('no descriptions of columns');
  const name = await read(descriptor.place + CARD + 8, isNew ? 32 : 8);
  const cursor = new Cursor(await read(names.place + CARD, count * nameBytes));
  const columns = Array.from({ length: count }, () => columnOf(cursor.take(nameBytes), isNew));
  const recordBytes = columns.reduce((sum, { bytes }) => sum + bytes, 0);
  if (columns.some(({ offset, bytes }) => offset + bytes > recordBytes))
    throw new Damage('a column beyond its record');
  return { name: trimmed(name).toString('latin1'), columns, recordBytes, start, end };
}

function columnOf(bytes: Buffer, isNew: boolean): TransportColumn {
  const type = bytes.readInt16BE(0);
  const length = bytes.readUInt16BE(4);
  if (![1, 2].includes(type)) throw new Damage(`a column of the unknown type ${type}`);
  if (length === 0 || (type === 1 && length > 8)) throw new Damage('a column of no such length');
  const longName = isNew ? trimmed(bytes.subarray(88, 120)) : Buffer.alloc(0);
  return {
    name: longName.length > 0 ? longName : trimmed(bytes.subarray(8, 16)),
    label: trimmed(bytes.subarray(16, 56)),
    isText: type === 2,
    bytes: length,
    offset: bytes.readUInt32BE(84),
    format: trimmed(bytes.subarray(56, 64)).toString('latin1'),
  };
}

/** Without the blanks that fill it up. */
export function trimmed(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x20 || bytes[end - 1] === 0)) end -= 1;
  return bytes.subarray(0, end);
}
