/** Bytes of texts and binary values in the buffers of an Arrow array; a file that lies about them is refused. */
import { Type } from '@uwdata/flechette';
import { ArrowDamage } from './messages.js';
import { offsetsOf } from './offsets.js';
import type { ArrowArray } from './values.js';

export type BytesAt = (index: number) => Uint8Array;

const VIEW_BYTES = 16;
/** So many bytes stand in the view itself. */
const INLINE_BYTES = 12;

/** @throws ArrowDamage where there are fewer than the array says */
export function requireRoom(there: number, needed: number): void {
  if (!(there >= needed)) throw new ArrowDamage('a buffer that is shorter than its array');
}

export function bytesAt(array: ArrowArray): BytesAt {
  const { type, length } = array;
  const values = array.values as Uint8Array;
  if (type.typeId === Type.FixedSizeBinary) {
    const { stride } = type;
    requireRoom(values.length, stride * length);
    return (index) => values.subarray(index * stride, (index + 1) * stride);
  }
  if (type.typeId !== Type.Utf8View && type.typeId !== Type.BinaryView) {
    const rangeOf = offsetsOf(array, values.length);
    return (index) => {
      const { from, to } = rangeOf(index);
      return values.subarray(from, to);
    };
  }
  const { data } = array as unknown as { data: readonly Uint8Array[] };
  requireRoom(values.length, VIEW_BYTES * length);
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
  return (index) => {
    const at = VIEW_BYTES * index;
    const bytes = view.getInt32(at, true);
    if (bytes >= 0 && bytes <= INLINE_BYTES) return values.subarray(at + 4, at + 4 + bytes);
    const from = view.getInt32(at + 12, true);
    const buffer = data[view.getInt32(at + 8, true)];
    if (!buffer || bytes < 0 || from < 0 || from + bytes > buffer.length) {
      throw new ArrowDamage('a text beyond its buffer');
    }
    return buffer.subarray(from, from + bytes);
  };
}
