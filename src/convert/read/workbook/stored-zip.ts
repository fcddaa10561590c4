/** The parts of a workbook that is a .zip, unpacked and checked: SheetJS looks at no checksum, and its inflate never ends on some damaged parts. */
import { ImportError } from '../../../errors/index.js';
import type { ArchiveMember } from '../../unpack/member.js';
import { openZip } from '../../unpack/zip.js';
import { withTexts } from './open-document-cells.js';
import { RowLimit } from './row-limit.js';
import { isSheetPart, otherSheets } from './sheet-parts.js';

/** Layout: PKWARE APPNOTE 4.3. */
const LOCAL = { signature: 0x04034b50, bytes: 30 };
const CENTRAL = { signature: 0x02014b50, bytes: 46 };
const END = { signature: 0x06054b50, bytes: 22 };
/** Places in a .zip of this kind have 32 bits. */
const MOST_BYTES = 0xffffffff;
/** Pictures, programs and what Excel could make anew: no cells. */
const WITHOUT_CELLS =
  /(^|\/)(media|embeddings|pivotcache|thumbnails|pictures|object \d+)\/|vbaproject\.bin$|calcchain\.(xml|bin)$/i;
const CONTENT = /^content\.xml$/;

/** What is wanted of a workbook. */
export interface Part {
  /** This sheet alone; all of them by default. */
  readonly only?: string;
  /** So many rows of each, where the sheets are XML: what follows is neither inflated nor proven. */
  readonly rows?: number;
  /** Told what all parts declare together, before the first is unpacked; throws to refuse it. */
  readonly expect?: (bytes: number) => void;
}

/**
 * A .zip of the parts that have cells, none of them compressed: SheetJS takes them as they are. One that is damaged ends here.
 * @param place Names the file in errors.
 * @throws FORMAT_UNREADABLE, ARCHIVE_DAMAGED, ARCHIVE_ENCRYPTED, ARCHIVE_UNSAFE, ARCHIVE_UNSUPPORTED
 */
export async function storedZip(
  absolutePath: string,
  place: string,
  { only, rows, expect }: Part = {},
): Promise<Buffer> {
  const { members, close } = await openZip(absolutePath, place, () => undefined);
  try {
    expect?.(members.reduce((sum, { declaredBytes }) => sum + declaredBytes, 0));
    const bytes = members.reduce((sum, member) => sum + storedBytes(member), END.bytes);
    if (bytes > MOST_BYTES) {
      const found = `${bytes} bytes when it is unpacked`;
      const expected = 'a workbook that a process can hold';
      throw new ImportError('FORMAT_UNREADABLE', { place, expected, found });
    }
    const unwanted =
      only === undefined ? new Set<string>() : await otherSheets(members, only, contentOf);
    const out: Buffer[] = [];
    const central: Buffer[] = [];
    let at = 0;
    for (const member of members) {
      if (WITHOUT_CELLS.test(member.name) || unwanted.has(member.name)) continue;
      const limit = rows !== undefined && isSheetPart(member.name) ? rows : undefined;
      const unpacked = await contentOf(member, limit);
      const content = CONTENT.test(member.name) ? withTexts(unpacked, place) : unpacked;
      const name = Buffer.from(member.name);
      out.push(localHeader(name, content.length), name, content);
      central.push(centralHeader(name, at, content.length));
      at += LOCAL.bytes + name.length + content.length;
    }
    const directory = Buffer.concat(central);
    return Buffer.concat([...out, directory, endOf(central.length, directory.length, at)]);
  } finally {
    close();
  }
}

/** @param rows Of a sheet, so many are enough. */
async function contentOf(member: ArchiveMember, rows?: number): Promise<Buffer> {
  const content = Buffer.alloc(member.declaredBytes);
  const limit = rows === undefined ? undefined : new RowLimit(rows);
  let end = 0;
  // Never more than is declared: its sizes are checked.
  const take = (piece: Buffer): Promise<void> => {
    const from = end;
    end += piece.copy(content, end);
    limit?.look(content.subarray(0, end), from);
    return Promise.resolve();
  };
  const sink = { take, close: () => Promise.resolve() };
  const { signal } = new AbortController();
  const onBytes = (): void => limit?.throwIfReached();
  try {
    await member.write(sink, { onBytes, signal, isHashed: false });
  } catch (error) {
    if (limit === undefined || error !== limit.reached) throw error;
    return limit.ended(content);
  }
  return content;
}

function storedBytes({ name, declaredBytes }: ArchiveMember): number {
  return declaredBytes + LOCAL.bytes + CENTRAL.bytes + 2 * Buffer.byteLength(name);
}

function localHeader(name: Buffer, bytes: number): Buffer {
  const header = Buffer.alloc(LOCAL.bytes);
  header.writeUInt32LE(LOCAL.signature, 0);
  header.writeUInt32LE(bytes, 18);
  header.writeUInt32LE(bytes, 22);
  header.writeUInt16LE(name.length, 26);
  return header;
}

function centralHeader(name: Buffer, head: number, bytes: number): Buffer {
  const header = Buffer.alloc(CENTRAL.bytes + name.length);
  header.writeUInt32LE(CENTRAL.signature, 0);
  header.writeUInt32LE(bytes, 20);
  header.writeUInt32LE(bytes, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt32LE(head, 42);
  name.copy(header, CENTRAL.bytes);
  return header;
}

function endOf(count: number, directoryBytes: number, at: number): Buffer {
  const end = Buffer.alloc(END.bytes);
  end.writeUInt32LE(END.signature, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(directoryBytes, 12);
  end.writeUInt32LE(at, 16);
  return end;
}
