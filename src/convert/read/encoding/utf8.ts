/** Tells whether bytes that come piece by piece are UTF-8. */
import { isUtf8 } from 'node:buffer';

export class Utf8Check {
  private rest: Buffer = Buffer.alloc(0);

  /** False when the bytes so far are none, whatever follows. */
  push(chunk: Buffer): boolean {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const complete = completeCharacters(bytes);
    // A copy: the piece itself may be reused.
    this.rest = Buffer.from(bytes.subarray(complete));
    return isUtf8(bytes.subarray(0, complete));
  }

  /** False when the last character is cut off. */
  end(): boolean {
    return this.rest.length === 0;
  }
}

/** Bytes up to where a character may be cut off. */
export function completeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const characterBytes = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return characterBytes > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
