/** Tells workbooks from archives and from other documents, whatever their names. */
import { open } from 'node:fs/promises';
import { openPromise } from 'yauzl';

/** Names of first members that only documents have: Office (ECMA-376, part 2) and OpenDocument (1.3, part 2). */
const DOCUMENT_MEMBER = /^(\[Content_Types\]\.xml|_rels\/|docProps\/|xl\/|word\/|ppt\/|mimetype$)/;
const WORKBOOK_MEMBER = /^xl\/workbook\.(xml|bin)$/;
const OPEN_DOCUMENT_SHEETS = 'mimetypeapplication/vnd.oasis.opendocument.spreadsheet';
/** Compound files ([MS-CFB] 2.2) name their streams in UTF-16; those of Excel hold one of these. */
const COMPOUND = 'd0cf11e0a1b11ae1';
const STREAMS = ['Workbook', 'Book'].map((name) => Buffer.from(`${name}\0`, 'utf16le'));
const NAME_AT = 30;
const MOST_MEMBERS = 1000;

/** A zip file by structure that is a document: nobody opens it as an archive. */
export function isZippedDocument(head: Buffer): boolean {
  return DOCUMENT_MEMBER.test(firstMember(head));
}

export async function isWorkbook(head: Buffer, absolutePath: string): Promise<boolean> {
  if (head.subarray(0, 8).toString('hex') === COMPOUND) {
    const directory = await readDirectory(head, absolutePath);
    return STREAMS.some((name) => directory.includes(name));
  }
  if (head.subarray(0, 2).toString('latin1') !== 'PK' || !isZippedDocument(head)) return false;
  if (head.toString('latin1', NAME_AT, NAME_AT + 100).includes(OPEN_DOCUMENT_SHEETS)) return true;
  return holdsWorkbook(absolutePath);
}

function firstMember(head: Buffer): string {
  if (head.length < NAME_AT) return '';
  return head.toString('latin1', NAME_AT, NAME_AT + head.readUInt16LE(26));
}

async function holdsWorkbook(absolutePath: string): Promise<boolean> {
  const zip = await openPromise(absolutePath, { lazyEntries: true, autoClose: false }).catch(
    () => undefined,
  );
  // A damaged one says so when it is read.
  if (!zip) return true;
  try {
    let members = 0;
    for await (const { fileName } of zip.eachEntry()) {
      if (WORKBOOK_MEMBER.test(fileName)) return true;
      if ((members += 1) > MOST_MEMBERS) break;
    }
    return false;
  } catch {
    return true;
  } finally {
    zip.close();
  }
}

async function readDirectory(head: Buffer, absolutePath: string): Promise<Buffer> {
  if (head.length < 512) return head;
  const sectorBytes = 2 ** Math.min(head.readUInt16LE(30), 12);
  const at = (head.readUInt32LE(48) + 1) * sectorBytes;
  const file = await open(absolutePath);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, at);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
