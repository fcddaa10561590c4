/** Tells workbooks from archives and from other documents by what they hold, whatever their names and its order. */
import { open } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { openPromise, type ZipFile } from 'yauzl';

/** What a file of Office is, or of OpenDocument. */
export type Document = 'workbook' | 'encrypted' | 'other';

/** Parts of packages (ECMA-376, part 2): any folder may hold the workbook, names have no case. */
const PACKAGE = /^\[content_types\]\.xml$/i;
const WORKBOOK_PART = /(^|\/)workbook\.(xml|bin)$/i;
/** OpenDocument 1.3, part 2. */
const MIME_TYPE = 'mimetype';
const OPEN_DOCUMENT = /^application\/vnd\.oasis\.opendocument\.(\w+)/;
/** Compound files ([MS-CFB] 2.2) name their streams in UTF-16, those of Excel so; or it is encrypted ([MS-OFFCRYPTO] 2.3.4). */
const COMPOUND = 'd0cf11e0a1b11ae1';
const ZIP = '504b0304';
const STREAMS = ['workbook', 'book'].map(streamName);
const ENCRYPTED_STREAM = streamName('encryptedpackage');
const MOST_MEMBERS = 1000;

/** `undefined` for what is no document: text, an archive. Reads the directory of a zip file, not its members. */
export async function documentKind(
  head: Buffer,
  absolutePath: string,
): Promise<Document | undefined> {
  if (head.toString('hex', 0, 8) === COMPOUND) {
    const directory = await readDirectory(head, absolutePath);
    if (directory.includes(ENCRYPTED_STREAM)) return 'encrypted';
    return STREAMS.some((name) => directory.includes(name)) ? 'workbook' : 'other';
  }
  return head.toString('hex', 0, 4) === ZIP ? zippedKind(absolutePath) : undefined;
}

async function zippedKind(absolutePath: string): Promise<Document | undefined> {
  const options = { lazyEntries: true, autoClose: false } as const;
  // A damaged one says so when it is opened as an archive.
  const zip = await openPromise(absolutePath, options).catch(() => undefined);
  if (!zip) return undefined;
  try {
    return await kindByMembers(zip);
  } catch {
    return undefined;
  } finally {
    zip.close();
  }
}

async function kindByMembers(zip: ZipFile): Promise<Document | undefined> {
  let members = 0;
  let isPackage = false;
  let hasWorkbook = false;
  for await (const entry of zip.eachEntry()) {
    isPackage ||= PACKAGE.test(entry.fileName);
    hasWorkbook ||= WORKBOOK_PART.test(entry.fileName);
    if (isPackage && hasWorkbook) return 'workbook';
    if (entry.fileName === MIME_TYPE && entry.uncompressedSize < 100) {
      const found = OPEN_DOCUMENT.exec(await text(await zip.openReadStreamPromise(entry)));
      if (found) return found[1] === 'spreadsheet' ? 'workbook' : 'other';
    }
    if ((members += 1) > MOST_MEMBERS) break;
  }
  return isPackage ? 'other' : undefined;
}

function streamName(name: string): Buffer {
  return Buffer.from(`${name}\0`, 'utf16le');
}

/** In lower case: names of streams have none. */
async function readDirectory(head: Buffer, absolutePath: string): Promise<Buffer> {
  if (head.length < 512) return head;
  const sectorBytes = 2 ** Math.min(head.readUInt16LE(30), 12);
  const at = (head.readUInt32LE(48) + 1) * sectorBytes;
  const file = await open(absolutePath);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, at);
    const directory = buffer.toString('utf16le', 0, bytesRead - (bytesRead % 2));
    return Buffer.from(directory.toLowerCase(), 'utf16le');
  } finally {
    await file.close();
  }
}
