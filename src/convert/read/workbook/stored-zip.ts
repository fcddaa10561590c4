/** The parts of a workbook that is a .zip, unpacked and checked: SheetJS looks at no checksum, and its inflate never ends on some damaged parts. */
import { ImportError } from '../../../errors/index.js';
import { zipMembers } from '../../unpack/zip.js';

/** Layout: PKWARE APPNOTE 4.3. */
const LOCAL = { signature: 0x04034b50, bytes: 30 };
const CENTRAL = { signature: 0x02014b50, bytes: 46 };
const END = { signature: 0x06054b50, bytes: 22 };
/** Places in a .zip of this kind have 32 bits. */
const MOST_BYTES = 0xffffffff;

/**
 * A .zip of the same parts, none of them compressed: SheetJS takes them as they are. One that is damaged ends here.
 * @param place Names the file in errors.
 * @throws FORMAT_UNREADABLE, ARCHIVE_DAMAGED, ARCHIVE_ENCRYPTED, ARCHIVE_UNSAFE, ARCHIVE_UNSUPPORTED
 */
export async function storedZip(absolutePath: string, place: string): Promise<Buffer> {
  let declared = END.bytes;
  let count = 0;
  for await (const { name, declaredBytes } of zipMembers(absolutePath, place, () => undefined)) {
    declared += declaredBytes + LOCAL.bytes + CENTRAL.bytes + 2 * Buffer.byteLength(name);
    count += 1;
  }
  if (declared > MOST_BYTES) {
    const found = `${declared} bytes when it is unpacked`;
    const expected = 'a workbook that a process can hold';
    throw new ImportError('FORMAT_UNREADABLE', { place, expected, found });
  }
  const out = Buffer.alloc(declared);
  const central: Buffer[] = [];
  let at = 0;
  const { signal } = new AbortController();
  for await (const member of zipMembers(absolutePath, place, () => undefined)) {
    const name = Buffer.from(member.name);
    const head = at;
    const start = head + LOCAL.bytes + name.length;
    let end = start;
    // Never more than is declared: its sizes are checked.
    const take = (piece: Buffer): Promise<void> => {
      end += piece.copy(out, end);
      return Promise.resolve();
    };
    const sink = { take, close: () => Promise.resolve() };
    await member.write(sink, { onBytes: () => undefined, signal });
    out.writeUInt32LE(LOCAL.signature, head);
    out.writeUInt32LE(end - start, head + 18);
    out.writeUInt32LE(end - start, head + 22);
    out.writeUInt16LE(name.length, head + 26);
    name.copy(out, head + LOCAL.bytes);
    central.push(centralHeader(name, head, end - start));
    at = end;
  }
  const directory = Buffer.concat(central);
  const size = at + directory.copy(out, at);
  out.writeUInt32LE(END.signature, size);
  out.writeUInt16LE(count, size + 8);
  out.writeUInt16LE(count, size + 10);
  out.writeUInt32LE(directory.length, size + 12);
  out.writeUInt32LE(at, size + 16);
  return out;
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
