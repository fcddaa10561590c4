/** The header of a dBASE table (`.dbf`): Library of Congress fdd000325, and Microsoft's "Table File Structure" of Visual FoxPro. */

export interface DbaseField {
  readonly name: Buffer;
  /** One letter: `C` text, `N` number, `D` date, ... */
  readonly type: string;
  readonly length: number;
  readonly decimals: number;
  /** Of its first byte in a record, whose first byte is the mark of deletion. */
  readonly offset: number;
}

export interface DbaseHeader {
  readonly records: number;
  readonly headerBytes: number;
  readonly recordBytes: number;
  readonly fields: readonly DbaseField[];
  /** Of its texts; `undefined` where the file does not say. */
  readonly encoding: string | undefined;
}

/** dBASE III to 7 without and with memo files, FoxBASE, Visual FoxPro. */
const VERSIONS = new Set([0x02, 0x03, 0x30, 0x31, 0x32, 0x83, 0x8b, 0x8e, 0xf5, 0xfb]);
const DESCRIPTOR = 32;
const END_OF_FIELDS = 0x0d;
/** Of what is within Visual FoxPro: the name of its database. */
const BACKLINK = 263;

const CODE_PAGES: Readonly<Record<number, string>> = {
  ...{
    0x01: 'cp437',
    0x02: 'cp850',
    0x03: 'windows-1252',
    0x04: 'macintosh',
    0x57: 'windows-1252',
  },
  ...{ 0x08: 'cp865', 0x09: 'cp437', 0x0a: 'cp850', 0x0b: 'cp437', 0x0d: 'cp437', 0x0e: 'cp850' },
  ...{ 0x0f: 'cp437', 0x10: 'cp850', 0x11: 'cp437', 0x12: 'cp850', 0x13: 'cp932', 0x14: 'cp850' },
  ...{ 0x15: 'cp437', 0x16: 'cp850', 0x17: 'cp865', 0x18: 'cp437', 0x19: 'cp437', 0x1a: 'cp850' },
  ...{ 0x1b: 'cp437', 0x1c: 'cp863', 0x1d: 'cp850', 0x1f: 'cp852', 0x22: 'cp852', 0x23: 'cp852' },
  ...{ 0x24: 'cp860', 0x25: 'cp850', 0x26: 'cp866', 0x37: 'cp850', 0x40: 'cp852', 0x4d: 'cp936' },
  ...{ 0x4e: 'cp949', 0x4f: 'cp950', 0x50: 'cp874', 0x58: 'windows-1252', 0x59: 'windows-1252' },
  ...{ 0x64: 'cp852', 0x65: 'cp866', 0x66: 'cp865', 0x67: 'cp861', 0x6a: 'cp737', 0x6b: 'cp857' },
  ...{ 0x78: 'cp950', 0x79: 'cp949', 0x7a: 'cp936', 0x7b: 'cp932', 0x7c: 'cp874' },
  ...{ 0x7d: 'windows-1255', 0x7e: 'windows-1256', 0x86: 'cp737', 0x87: 'cp852', 0x88: 'cp857' },
  ...{ 0xc8: 'windows-1250', 0xc9: 'windows-1251', 0xca: 'windows-1254', 0xcb: 'windows-1253' },
  ...{ 0xcc: 'windows-1257' },
};

/** `undefined` for what is no dBASE table. @param head Its first bytes; 64 KiB hold every header. */
export function readHeader(head: Buffer): DbaseHeader | undefined {
  if (head.length < DESCRIPTOR + 1 || !VERSIONS.has(head[0]!)) return undefined;
  const [month, day] = [head[2]!, head[3]!];
  if (month > 12 || day > 31) return undefined;
  const headerBytes = head.readUInt16LE(8);
  const recordBytes = head.readUInt16LE(10);
  const fields = readFields(head, headerBytes);
  const end = DESCRIPTOR * (fields.length + 1);
  const described = fields.reduce((sum, { length }) => sum + length, 1);
  const isWhole =
    fields.length > 0 &&
    [0, 1, 2, BACKLINK + 1].includes(headerBytes - end) &&
    (described === recordBytes || described + 1 === recordBytes) &&
    fields.every(({ name, type }) => name.length > 0 && /[A-Z@+0]/.test(type));
  if (!isWhole) return undefined;
  const encoding = CODE_PAGES[head[29]!];
  return { records: head.readUInt32LE(4), headerBytes, recordBytes, fields, encoding };
}

function readFields(head: Buffer, headerBytes: number): DbaseField[] {
  const fields: DbaseField[] = [];
  let offset = 1;
  for (
    let at = DESCRIPTOR;
    at + DESCRIPTOR <= Math.min(headerBytes, head.length);
    at += DESCRIPTOR
  ) {
    if (head[at] === END_OF_FIELDS) break;
    const raw = head.subarray(at, at + 11);
    const end = raw.indexOf(0);
    const type = String.fromCharCode(head[at + 11]!);
    const decimals = type === 'C' ? 0 : head[at + 17]!;
    // Long texts keep the upper half of their length where numbers have their decimals.
    const length = head[at + 16]! + (type === 'C' ? head[at + 17]! * 256 : 0);
    fields.push({ name: raw.subarray(0, end === -1 ? 11 : end), type, length, decimals, offset });
    offset += length;
  }
  return fields;
}
