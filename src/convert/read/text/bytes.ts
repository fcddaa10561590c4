/** What single bytes of a record are. */

export const MARK = Buffer.from('\uFEFF');

/** Blanks, tabs and what is left of line ends. */
export function isBlank(buffer: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = buffer[at]!;
    if (byte !== 32 && byte !== 9 && byte !== 13) return false;
  }
  return true;
}

export function startsWithMark(buffer: Buffer, start: number, end: number): boolean {
  return end - start >= MARK.length && MARK.every((byte, at) => buffer[start + at] === byte);
}
