/** Tells by content what bears the name of a table and is none: what stands in place of data, documents, binary data. */
import { markOf, utf16WithoutMark } from '../read/encoding/unicode.js';
import { inPlaceOfData, textOf } from './in-place-of-data.js';

// Such files begin with bytes that no text has.
/* eslint-disable no-control-regex */
const BY_START: ReadonlyArray<readonly [what: string, start: RegExp]> = [
  ['a PDF document', /^%PDF-/],
  ['a PostScript document', /^%!PS/],
  ['a document in RTF', /^\{\\rtf/],
  ['a document of the old Office', /^\xd0\xcf\x11\xe0/],
  ['a PNG image', /^\x89PNG/],
  ['a GIF image', /^GIF8[79]a/],
  ['a JPEG image', /^\xff\xd8\xff/],
  ['a TIFF image', /^(II\*\0|MM\0\*)/],
  ['a BMP image', /^BM[^]{4}\0{4}/],
  ['an icon', /^\0\0[\x01\x02]\0/],
  [
    'a WebP image, sound or film',
    /^(RIFF[^]{4}(WEBP|WAVE|AVI )|OggS\0|fLaC|ID3[\x02-\x04]|\0{3}[^]ftyp)/,
  ],
  ['a font', /^(wOF[F2]|OTTO\0|\0\x01\0\0)/],
  ['a program', /^(\x7fELF|MZ[^]{2}\0|\xca\xfe\xba\xbe|\0asm|#!\/)/],
  ['an SQLite database', /^SQLite format 3\0/],
  ['a DuckDB database', /^[^]{8}DUCK[^]\0{6}/],
  ['a RAR archive', /^Rar!\x1a/],
  ['a 7-Zip archive', /^7z\xbc\xaf/],
  ['a compressed file', /^(BZh[1-9]1AY&SY|\xfd7zXZ\0|\x04"M\x18|!<arch>\n)/],
];
/* eslint-enable no-control-regex */
const WORKBOOK_IN_XML = /^\s*<\?xml[^]*<Workbook[\s>][^]*urn:schemas-microsoft-com:office/;
const XML = /^\s*(<\?xml[\s?]|<(svg|rss|feed|kml|gpx)[\s>]|<[\w:.-]+\s[^<>]*\bxmlns(:\w+)?=)/i;
const CONTROL_SHARE = 0.05;

/** What the start of a file is and what to do about it, in words; nothing when it may be text of a table. */
export function notATable(head: Buffer, complete: boolean): string | undefined {
  const text = textOf(head);
  const start = BY_START.find(([, pattern]) => pattern.test(text));
  if (start) return `not tabular: ${start[0]} under another name`;
  const instead = inPlaceOfData(head, complete);
  if (instead !== undefined) return instead;
  if (WORKBOOK_IN_XML.test(text))
    return 'not supported: a workbook of Excel 2003 in XML; save it as .xlsx';
  if (XML.test(text)) return 'not tabular: an XML document';
  return isBinary(head) ? 'not tabular: binary data, not text' : undefined;
}

/** Control characters that no text has, unless they are halves of wider ones. */
function isBinary(head: Buffer): boolean {
  if (markOf(head) || utf16WithoutMark(head)) return false;
  let controls = 0;
  for (const byte of head)
    if (byte < 7 || (byte > 13 && byte < 26) || (byte > 27 && byte < 31)) controls += 1;
  return controls > CONTROL_SHARE * head.length;
}
