/** Decompresses Snappy (google/snappy, format_description.txt): what Avro files of Hadoop are often compressed with. */
import { Damage } from '../binary/damage.js';

/** @throws Damage */
export function decompressSnappy(bytes: Uint8Array, most: number): Uint8Array {
  let at = 0;
  const next = (): number => {
    if (at >= bytes.length) throw new Damage('a block of Snappy that is cut short');
    return bytes[at++]!;
  };
  const number = (width: number): number => {
    let value = 0;
    for (let place = 0; place < width; place += 1) value += next() * 256 ** place;
    return value;
  };
  let size = 0;
  for (let place = 0, byte = 0x80; byte >= 0x80 && place < 5; place += 1) {
    byte = next();
    size += (byte & 0x7f) * 128 ** place;
  }
  if (size > most) throw new Damage(`a block of ${size} bytes`);
  const out = new Uint8Array(size);
  let to = 0;
  while (at < bytes.length) {
    const tag = next();
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >> 2;
      const length = (short < 60 ? short : number(short - 59)) + 1;
      if (at + length > bytes.length || to + length > size)
        throw new Damage('a block of Snappy that is damaged');
      out.set(bytes.subarray(at, at + length), to);
      at += length;
      to += length;
      continue;
    }
    const length = kind === 1 ? 4 + ((tag >> 2) & 7) : (tag >> 2) + 1;
    const offset = kind === 1 ? ((tag >> 5) << 8) + next() : number(kind === 2 ? 2 : 4);
    if (offset === 0 || offset > to || to + length > size)
      throw new Damage('a block of Snappy that is damaged');
    // Byte by byte: a copy may go over into what it writes.
    for (const end = to + length; to < end; to += 1) out[to] = out[to - offset]!;
  }
  if (to !== size) throw new Damage(`a block of ${to} bytes, not ${size}`);
  return out;
}
