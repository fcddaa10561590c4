/** Decompresses LZ4 frames (lz4_Frame_format.md and lz4_Block_format.md, v1.6): what Feather files are compressed with unless their writer says otherwise. */

const MAGIC = 0x184d2204;
const VERSION = 0b01;
const UNCOMPRESSED_BIT = 0x8000_0000;
const LEAST_MATCH = 4;

/**
 * Blocks may refer to those before them; checksums are passed over, for the proof counts what was read.
 * @param size Bytes that come out of it, no more and no less.
 * @throws RangeError for a frame that is damaged, or of another size
 */
export function decompressLz4Frame(bytes: Uint8Array, size: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flags = view.getUint8(4);
  if (view.getUint32(0, true) !== MAGIC || flags >> 6 !== VERSION) {
    throw new RangeError('no LZ4 frame');
  }
  const [hasBlockChecksum, hasSize, hasDictionary] = [flags & 0x10, flags & 0x08, flags & 0x01];
  if (hasDictionary) throw new RangeError('an LZ4 frame that needs a dictionary');
  const out = new Uint8Array(size);
  let at = 7 + (hasSize ? 8 : 0);
  let written = 0;
  for (;;) {
    const header = view.getUint32(at, true);
    at += 4;
    if (header === 0) break;
    const length = header % UNCOMPRESSED_BIT;
    if (at + length > bytes.length) throw new RangeError('an LZ4 frame that is cut short');
    const block = bytes.subarray(at, at + length);
    written =
      header >= UNCOMPRESSED_BIT ? copy(block, out, written) : decompress(block, out, written);
    at += length + (hasBlockChecksum ? 4 : 0);
  }
  if (written !== size) throw new RangeError(`an LZ4 frame of ${written} bytes, not ${size}`);
  return out;
}

function copy(block: Uint8Array, out: Uint8Array, written: number): number {
  out.set(block, written);
  return written + block.length;
}

function decompress(block: Uint8Array, out: Uint8Array, written: number): number {
  let at = 0;
  let to = written;
  const longer = (length: number): number => {
    let sum = length;
    for (let byte = 255; byte === 255; sum += byte) {
      if (at >= block.length) throw new RangeError('an LZ4 block that is cut short');
      byte = block[at++]!;
    }
    return sum;
  };
  while (at < block.length) {
    const token = block[at++]!;
    const literals = token >> 4 === 15 ? longer(15) : token >> 4;
    if (at + literals > block.length) throw new RangeError('an LZ4 block that is cut short');
    to = copy(block.subarray(at, at + literals), out, to);
    at += literals;
    if (at === block.length) return to;
    const offset = block[at]! | (block[at + 1]! << 8);
    at += 2;
    const length = LEAST_MATCH + ((token & 15) === 15 ? longer(15) : token & 15);
    if (offset === 0 || offset > to || to + length > out.length) {
      throw new RangeError('an LZ4 block that is damaged');
    }
    // Byte by byte: a match may go over into what it writes.
    for (const end = to + length; to < end; to += 1) out[to] = out[to - offset]!;
  }
  return to;
}
