/** Where the elements of lists and the bytes of texts begin and end in an Arrow array. */
import { Type } from '@uwdata/flechette';
import { ArrowDamage } from './messages.js';
import type { ArrowArray } from './values.js';

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** @param room How many elements or bytes there are. */
export function offsetsOf(array: ArrowArray, room: number): (index: number) => Range {
  const { type, length } = array;
  const checked = (from: number, to: number): Range => {
    if (!(from >= 0 && from <= to && to <= room)) {
      throw new ArrowDamage('an offset beyond what it is one of');
    }
    return { from, to };
  };
  if (type.typeId === Type.FixedSizeList) {
    const { stride } = type;
    return (index) => checked(index * stride, (index + 1) * stride);
  }
  const offsets = array.offsets as ArrayLike<number | bigint>;
  if (type.typeId === Type.ListView || type.typeId === Type.LargeListView) {
    const sizes = array.sizes as ArrayLike<number | bigint>;
    return (index) => {
      const from = Number(offsets[index]);
      return checked(from, from + Number(sizes[index]));
    };
  }
  if (length > 0 && offsets.length <= length) {
    throw new ArrowDamage('fewer offsets than values');
  }
  return (index) => checked(Number(offsets[index]), Number(offsets[index + 1]));
}
