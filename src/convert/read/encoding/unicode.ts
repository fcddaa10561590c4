/** Finds UTF-16 and UTF-32: by their mark, and UTF-16 also by where its line ends have their zero bytes. */

export interface Mark {
  readonly encoding: string;
  readonly bytes: number;
}

/** The mark of UTF-32 begins with that of UTF-16. */
const MARKS: ReadonlyArray<readonly [encoding: string, mark: readonly number[]]> = [
  ['utf-32le', [0xff, 0xfe, 0, 0]],
  ['utf-32be', [0, 0, 0xfe, 0xff]],
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

export function markOf(head: Buffer): Mark | undefined {
  for (const [encoding, mark] of MARKS) {
    if (head.subarray(0, mark.length).equals(Buffer.from(mark))) {
      return { encoding, bytes: mark.length };
    }
  }
  return undefined;
}

const LOOKED_AT_BYTES = 64 * 1024;
/** Of the characters of a table, those that are ASCII: line ends and delimiters at least. */
const LEAST_ASCII = 0.02;
/** Of the others, those whose both bytes are ASCII: in Chinese and Japanese some are, in bytes with a stray zero nearly all. */
const MOST_BOTH_ASCII = 0.6;
/** Zero bytes on the right side to one on the other, where some characters have them. */
const ON_ITS_SIDE = 4;
const CERTAIN_CHARACTERS = 12;

export interface Utf16 {
  readonly encoding: 'utf-16le' | 'utf-16be';
  /** Fewer would be there by chance now and then. */
  readonly isClear: boolean;
}

/**
 * In UTF-16 each character of ASCII has a zero byte on one side, and the other side makes no text of it: a line feed
 * becomes U+0A00, which is none.
 */
export function utf16WithoutMark(head: Buffer): Utf16 | undefined {
  const bytes = head.subarray(0, Math.min(head.length, LOOKED_AT_BYTES) & ~1);
  if (!bytes.includes(0)) return undefined;
  const counts = { little: 0, big: 0, bothAscii: 0 };
  for (let at = 0; at < bytes.length; at += 2) {
    const [first, second] = [bytes[at]!, bytes[at + 1]!];
    if (isAsciiText(first) && isAsciiText(second)) counts.bothAscii += 1;
    else if (second === 0 && isAsciiText(first)) counts.little += 1;
    else if (first === 0 && isAsciiText(second)) counts.big += 1;
  }
  const encoding = counts.little > counts.big ? 'utf-16le' : 'utf-16be';
  const ascii = Math.max(counts.little, counts.big);
  const others = bytes.length / 2 - ascii;
  const isLikely =
    ascii > LEAST_ASCII * (ascii + others) &&
    ascii >= ON_ITS_SIDE * Math.min(counts.little, counts.big) &&
    (counts.bothAscii <= MOST_BOTH_ASCII * others || counts.bothAscii * 3 < ascii);
  if (!isLikely || !isText(bytes, encoding)) return undefined;
  return { encoding, isClear: ascii >= CERTAIN_CHARACTERS && counts.bothAscii < ascii };
}

function isAsciiText(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d;
}

/** The last character of the piece may be half a pair. */
function isText(bytes: Buffer, encoding: string): boolean {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
    // eslint-disable-next-line no-control-regex -- text has none of them but the end mark of DOS
    return !/[\p{Cn}\p{Co}\0-\x08\x0e-\x19\x1b-\x1f]/u.test(text);
  } catch {
    return false;
  }
}
