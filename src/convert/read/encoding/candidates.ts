/** The encodings that come into question for text that is not UTF-8, and how usual each of them is. */
import iconv from 'iconv-lite';
import { sourceLength } from './measure.js';

export interface Candidate {
  /** In the spelling of iconv-lite. */
  readonly encoding: string;
  /** In nats: what the evidence must be better by than that for the most usual one. */
  readonly cost: number;
  /** Several bytes may be one character. */
  readonly multibyte: boolean;
  /** Of the languages in Latin letters that it was made for. */
  readonly region: string;
}

/** Of the web and of Windows first; those of DOS and the Mac are found in old files only. */
const SINGLE_BYTE: ReadonlyArray<readonly [cost: number, encodings: string]> = [
  [0, 'iso-8859-1 windows-1252'],
  [2, 'windows-1250 windows-1251'],
  [2.5, 'windows-1253 windows-1254 windows-1255 windows-1256 windows-1257'],
  [3, 'iso-8859-2 iso-8859-7 iso-8859-9 iso-8859-15 koi8-r windows-1258 windows-874'],
  [4, 'koi8-u ibm866 cp437 cp850 cp852 macintosh iso-8859-5 iso-8859-6 iso-8859-8 iso-8859-13'],
  [6, 'cp737 cp775 cp855 cp857 cp862 maccyrillic macukraine maccenteuro iso-8859-4 iso-8859-16'],
];
const MULTIBYTE: ReadonlyArray<readonly [cost: number, encodings: string]> = [
  [2, 'shift_jis gb18030 big5 euc-kr'],
  [3, 'euc-jp'],
];

const REGIONS: ReadonlyArray<readonly [region: string, encodings: string]> = [
  ['central', 'windows-1250 iso-8859-2 cp852 maccenteuro iso-8859-16'],
  ['baltic', 'windows-1257 iso-8859-13 iso-8859-4 cp775'],
  ['turkish', 'windows-1254 iso-8859-9 cp857'],
  ['vietnamese', 'windows-1258'],
];

export const CANDIDATES: readonly Candidate[] = [
  ...SINGLE_BYTE.flatMap(([cost, encodings]) => listed(cost, encodings, false)),
  ...MULTIBYTE.flatMap(([cost, encodings]) => listed(cost, encodings, true)),
];

function listed(cost: number, encodings: string, multibyte: boolean): Candidate[] {
  return encodings.split(' ').map((encoding) => {
    const region = REGIONS.find(([, some]) => some.split(' ').includes(encoding))?.[0];
    return { encoding, cost, multibyte, region: region ?? 'western' };
  });
}

/** One character a byte, by the byte. */
const tables = new Map<string, readonly string[]>();

/** Bytes that mean nothing become U+FFFD. */
export function decode({ encoding, multibyte }: Candidate, bytes: Buffer): string {
  if (multibyte) {
    const text = iconv.decode(bytes, encoding);
    // One of two spellings of a character: which bytes it was could not be told any more.
    return sourceLength(text, encoding) === bytes.length ? text : `${text}\uFFFD`;
  }
  let table = tables.get(encoding);
  if (!table) {
    table = Array.from({ length: 256 }, (_x, byte) => iconv.decode(Buffer.from([byte]), encoding));
    tables.set(encoding, table);
  }
  let text = '';
  for (const byte of bytes) text += table[byte]!;
  return text;
}
