/** Values of an Arrow array as the text that is exactly each of them. */
import { Type, UnionMode, type Batch } from '@uwdata/flechette';
import { bytesAt, requireRoom, type BytesAt } from './buffers.js';
import { ArrowDamage } from './messages.js';
import { numbers } from './numbers.js';
import { offsetsOf, type Range } from './offsets.js';
import { bare, quoted, type Values } from './value.js';

/** A text that is not UTF-8: its record is a reject. */
export class NotUtf8 extends Error {}

/** What the library keeps of an array, whatever its type; its own reading of values would round some of them. */
export type ArrowArray = Batch<unknown>;

interface Dictionary {
  readonly dictionary: { readonly data: readonly ArrowArray[] };
}

interface Union {
  readonly typeIds: Int8Array;
}

/** @throws ArrowDamage when its buffers are too short for it, or it has a type that is not read */
export function valuesOf(array: ArrowArray): Values {
  if (array.type.typeId === Type.Null)
    return withMissing(
      () => false,
      quoted(() => ''),
    );
  const values = withoutMissing(array);
  const { typeId } = array.type;
  if (!array.nullCount || typeId === Type.Union || typeId === Type.RunEndEncoded) return values;
  const { validity, length } = array;
  requireRoom(validity.length * 8, length);
  return withMissing((index) => ((validity[index >> 3]! >> (index & 7)) & 1) === 1, values);
}

function withMissing(isThere: (index: number) => boolean, values: Values): Values {
  return {
    textAt: (index) => (isThere(index) ? values.textAt(index) : null),
    jsonAt: (index) => (isThere(index) ? values.jsonAt(index) : 'null'),
  };
}

function withoutMissing(array: ArrowArray): Values {
  const { type } = array;
  switch (type.typeId) {
    case Type.Bool: {
      const { values, length } = array as unknown as { values: Uint8Array; length: number };
      requireRoom(values.length * 8, length);
      return bare((index) => String(((values[index >> 3]! >> (index & 7)) & 1) === 1));
    }
    case Type.Utf8:
    case Type.LargeUtf8:
    case Type.Utf8View:
      return quoted(texts(bytesAt(array)));
    case Type.Binary:
    case Type.LargeBinary:
    case Type.BinaryView:
    case Type.FixedSizeBinary: {
      const at = bytesAt(array);
      return quoted((index) => Buffer.from(at(index)).toString('hex'));
    }
    case Type.List:
    case Type.LargeList:
    case Type.ListView:
    case Type.LargeListView:
    case Type.FixedSizeList:
    case Type.Map:
      return lists(array);
    case Type.Struct:
      return structs(
        array,
        type.children.map(({ name }) => name),
      );
    case Type.Union:
      return unions(array, type.mode === UnionMode.Dense, type.typeMap);
    case Type.Dictionary:
      return dictionaries(array);
    case Type.RunEndEncoded:
      return runs(array);
    default:
      return numbers(array, type);
  }
}

function texts(at: BytesAt): (index: number) => string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return (index) => {
    try {
      return decoder.decode(at(index));
    } catch (error) {
      if (error instanceof TypeError) throw new NotUtf8('a text that is not UTF-8');
      throw error;
    }
  };
}

/** A map is a list of its pairs: nothing says that no key is there twice. */
function lists(array: ArrowArray): Values {
  const [child] = array.children;
  const isMap = array.type.typeId === Type.Map;
  const elements = isMap ? pairsOf(child!) : valuesOf(child!);
  const rangeOf: (index: number) => Range = offsetsOf(array, child!.length);
  return bare((index) => {
    const { from, to } = rangeOf(index);
    const parts: string[] = [];
    for (let at = from; at < to; at += 1) parts.push(elements.jsonAt(at));
    return `[${parts.join(',')}]`;
  });
}

function pairsOf(entries: ArrowArray): Values {
  const [keys, values] = entries.children.map(valuesOf);
  if (!keys || !values) throw new ArrowDamage('a map without keys and values');
  requireRoom(Math.min(...entries.children.map(({ length }) => length)), entries.length);
  return bare((index) => `[${keys.jsonAt(index)},${values.jsonAt(index)}]`);
}

function structs({ children, length }: ArrowArray, names: readonly string[]): Values {
  const members = children.map((child) => {
    requireRoom(child.length, length);
    return valuesOf(child);
  });
  const keys = names.map((name) => JSON.stringify(name));
  return bare((index) => {
    const parts = members.map((member, at) => `${keys[at]}:${member.jsonAt(index)}`);
    return `{${parts.join(',')}}`;
  });
}

function unions(
  array: ArrowArray,
  isDense: boolean,
  children: Readonly<Record<number, number>>,
): Values {
  const { typeIds } = array as unknown as Union;
  const offsets = array.offsets as ArrayLike<number>;
  requireRoom(Math.min(typeIds.length, isDense ? offsets.length : Infinity), array.length);
  const values = array.children.map(valuesOf);
  const of = (index: number): readonly [Values, number] => {
    const child = children[typeIds[index]!];
    const at = isDense ? offsets[index]! : index;
    if (child === undefined || at < 0 || at >= array.children[child]!.length) {
      throw new ArrowDamage('a union that refers to nothing');
    }
    return [values[child]!, at];
  };
  return {
    textAt: (index) => {
      const [child, at] = of(index);
      return child.textAt(at);
    },
    jsonAt: (index) => {
      const [child, at] = of(index);
      return child.jsonAt(at);
    },
  };
}

/** Of a dictionary that came in several pieces, the values count on. */
function dictionaries(array: ArrowArray): Values {
  const { dictionary } = array as unknown as Partial<Dictionary>;
  if (!dictionary) throw new ArrowDamage('a dictionary that is not there');
  const indices = array.values as ArrayLike<number | bigint>;
  requireRoom(indices.length, array.length);
  const pieces = dictionary.data.map((piece) => ({
    values: valuesOf(piece),
    length: piece.length,
  }));
  const of = (index: number): readonly [Values, number] => {
    let at = Number(indices[index]!);
    for (const { values, length } of pieces) {
      if (at >= 0 && at < length) return [values, at];
      at -= length;
    }
    throw new ArrowDamage('an index beyond its dictionary');
  };
  return {
    textAt: (index) => {
      const [piece, at] = of(index);
      return piece.textAt(at);
    },
    jsonAt: (index) => {
      const [piece, at] = of(index);
      return piece.jsonAt(at);
    },
  };
}

/** Each value once, with the row behind its last one. Rows are asked for in their order, lists may go back. */
function runs({ children: [ends, values], length }: ArrowArray): Values {
  const last = ends!.values as ArrayLike<number | bigint>;
  if (Number(last[ends!.length - 1] ?? 0) < length || values!.length < ends!.length) {
    throw new ArrowDamage('runs that are shorter than their array');
  }
  const inner = valuesOf(values!);
  const runOf = (index: number): number => {
    let [low, high] = [0, ends!.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (Number(last[middle]) > index) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return {
    textAt: (index) => inner.textAt(runOf(index)),
    jsonAt: (index) => inner.jsonAt(runOf(index)),
  };
}
