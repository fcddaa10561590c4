/** Tells by content what bears the name of a table and is none: pages, pointers, error documents, binary data. */
import { markOf, utf16WithoutMark } from '../read/encoding/unicode.js';

const LFS_POINTER = /^version https:\/\/git-lfs\.github\.com\/spec\//;
const HTML = /^\s*(<!--[^]*?-->\s*)?(<\?xml[^>]*>\s*)?<(!doctype\s+html|html|head|body)[\s>]/i;
const STORE_ERROR = /^\s*(<\?xml[^>]*\?>\s*)?<Error>[^]*<(Code|Message)>/;
const XML = /^\s*(<\?xml[\s?]|<(svg|rss|kml|gpx)[\s>])/i;
/** A path up the tree or down it, to a file of data, and nothing else. */
const LINK_TEXT =
  /^(\.{1,2}\/|[\w.-]+\/)[\w./ -]*\.(csv|tsv|txt|tab|json|jsonl|parquet|gz|zip|xlsx)\s*$/i;
const LONGEST_LINK = 1024;
/** What services answer instead of a file. */
const ERROR_KEYS = new Set(
  'error errors message code status statusCode documentation_url detail title type requestId request_id success'.split(
    ' ',
  ),
);

const MAGIC: ReadonlyArray<readonly [what: string, start: string]> = [
  ['a PDF document', '%PDF-'],
  ['a PNG image', '\x89PNG'],
  ['a GIF image', 'GIF8'],
  ['a JPEG image', '\xff\xd8\xff'],
  ['an SQLite database', 'SQLite format 3\0'],
  ['a document of the old Office', '\xd0\xcf\x11\xe0'],
  ['a RAR archive', 'Rar!'],
  ['a 7-Zip archive', '7z\xbc\xaf'],
];
const CONTROL_SHARE = 0.05;

/** What the start of a file is and what to do about it, in words; nothing when it may be text of a table. */
export function notATable(head: Buffer, complete: boolean): string | undefined {
  const text = head.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, '');
  const magic = MAGIC.find(([, start]) => text.startsWith(start));
  if (magic) return `not tabular: ${magic[0]} under another name`;
  if (LFS_POINTER.test(text))
    return 'a git-lfs pointer, the data is kept elsewhere: take the file from a source that resolves git-lfs';
  if (HTML.test(text)) return 'an HTML page in place of the data: look where its link leads';
  if (STORE_ERROR.test(text))
    return 'an error document of an object store in place of the data: check the link and who may read it';
  if (XML.test(text)) return 'not tabular: an XML document';
  if (complete && head.length <= LONGEST_LINK && LINK_TEXT.test(text))
    return 'the text of a symbolic link, the data is elsewhere: take the file that it names';
  if (complete && isErrorMessage(text))
    return 'an error message in JSON in place of the data: check the link and who may read it';
  return isBinary(head) ? 'not tabular: binary data, not text' : undefined;
}

/** One object that holds nothing but what an error does. */
function isErrorMessage(text: string): boolean {
  if (!/^\s*\{/.test(text)) return false;
  try {
    const keys = Object.keys(JSON.parse(text) as object);
    return (
      keys.some((key) => /^(error|errors|message)$/.test(key)) &&
      keys.every((key) => ERROR_KEYS.has(key))
    );
  } catch {
    return false;
  }
}

/** Control characters that no text has, unless they are halves of wider ones. */
function isBinary(head: Buffer): boolean {
  if (markOf(head) || utf16WithoutMark(head)) return false;
  let controls = 0;
  for (const byte of head)
    if (byte < 7 || (byte > 13 && byte < 26) || (byte > 27 && byte < 31)) controls += 1;
  return controls > CONTROL_SHARE * head.length;
}
