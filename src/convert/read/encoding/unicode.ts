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
/** Of the bytes 0x0A and 0x2C in UTF-16 some are halves of other letters. */
const SEPARATORS = 0.9;

/** In ASCII and what extends it, zero bytes are no half of a line end or a delimiter. */
export function utf16WithoutMark(head: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const bytes = head.subarray(0, Math.min(head.length, LOOKED_AT_BYTES) & ~1);
  if (!bytes.includes(0)) return undefined;
  let little = 0;
  let big = 0;
  let other = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    const [first, second] = [bytes[at]!, bytes[at + 1]!];
    if (second === 0 && isSeparator(first)) little += 1;
    else if (first === 0 && isSeparator(second)) big += 1;
    else if (isSeparator(first) || isSeparator(second)) other += 1;
  }
  const decoded = (encoding: 'utf-16le' | 'utf-16be', count: number): boolean =>
    count > 0 && count >= SEPARATORS * (little + big + other) && isText(bytes, encoding);
  if (decoded('utf-16le', little)) return 'utf-16le';
  return decoded('utf-16be', big) ? 'utf-16be' : undefined;
}

/** Line ends, delimiters and blanks. */
function isSeparator(byte: number): boolean {
  return byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === 0x2c || byte === 0x3b;
}

/** The last character of the piece may be half a pair. */
function isText(bytes: Buffer, encoding: string): boolean {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
    return !/[\p{Cn}\p{Co}\0]/u.test(text);
  } catch {
    return false;
  }
}
