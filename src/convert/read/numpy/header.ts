/** The header of a NumPy file (numpy.lib.format, versions 1.0 to 3.0): what its array is. */
import { Cursor } from '../binary/cursor.js';
import { Damage, NoTable } from '../binary/damage.js';
import { columnType, type ColumnType } from './column-type.js';
import { parseLiteral, type Literal } from './literal.js';

export interface NumpyArray {
  readonly columns: ReadonlyArray<ColumnType & { readonly name: string }>;
  readonly rows: number;
  readonly recordBytes: number;
  /** Column after column, not row after row. */
  readonly isFortran: boolean;
  /** Of its first byte in the file. */
  readonly start: number;
}

const MAGIC = '\x93NUMPY';
const MOST_HEADER_BYTES = 1 << 20;
/** So many are features of pictures or of texts, no columns. */
const MOST_COLUMNS = 4000;

export function isNumpy(head: Buffer): boolean {
  return head.toString('latin1', 0, MAGIC.length) === MAGIC;
}

/** @param head At least the header. @throws Damage, NoTable */
export function readNumpyHeader(head: Buffer): NumpyArray {
  const cursor = new Cursor(head);
  cursor.expect(MAGIC);
  const version = cursor.uint8();
  cursor.uint8();
  if (![1, 2, 3].includes(version)) throw new Damage(`a NumPy file of version ${version}`);
  const bytes = version === 1 ? cursor.uint16() : cursor.uint32();
  if (bytes > MOST_HEADER_BYTES) throw new Damage(`a header of ${bytes} bytes`);
  const said = parseLiteral(cursor.take(bytes).toString(version === 3 ? 'utf8' : 'latin1'));
  if (!(said instanceof Map)) throw new Damage('a header that is no dictionary of Python');
  const shape = said.get('shape');
  const isShape = Array.isArray(shape) && shape.every((one) => Number.isSafeInteger(one));
  if (!isShape) throw new Damage('a header without the shape of its array');
  const lengths = shape as number[];
  if (lengths.some((length) => length < 0)) throw new Damage('an array of a negative length');
  const { columns, recordBytes } = columnsOf(said.get('descr') ?? null, lengths);
  const [rows] = lengths as [number];
  if (!Number.isSafeInteger(rows * recordBytes)) throw new Damage('an array beyond every file');
  const isFortran = said.get('fortran_order') === true && lengths.length === 2;
  return { columns, rows, recordBytes, isFortran, start: cursor.at };
}

function columnsOf(
  description: Literal,
  shape: readonly number[],
): Pick<NumpyArray, 'columns' | 'recordBytes'> {
  if (shape.length === 0 || shape.length > 2) {
    const dimensions = shape.length === 0 ? 'a single value' : `${shape.length} dimensions`;
    throw new NoTable(`a NumPy array of ${dimensions}`);
  }
  const [, width] = shape;
  if ((width ?? 1) > MOST_COLUMNS) throw new NoTable(`a NumPy array of ${width} columns`);
  if (width === 0) throw new NoTable('a NumPy array without columns');
  if (typeof description === 'string') {
    const type = columnType(description, 0);
    const columns = Array.from({ length: width ?? 1 }, (_x, at) => ({
      ...{ ...type, offset: at * type.bytes },
      name: width === undefined ? 'value' : `column_${at + 1}`,
    }));
    return { columns, recordBytes: columns.length * type.bytes };
  }
  if (!Array.isArray(description)) throw new Damage('a header without the type of its values');
  if (width !== undefined) throw new NoTable('a NumPy array of records in two dimensions');
  let recordBytes = 0;
  const columns: Array<ColumnType & { name: string }> = [];
  for (const field of description) {
    const [named, type, inner] = Array.isArray(field) ? field : [];
    const name = Array.isArray(named) ? named[1] : named;
    if (typeof name !== 'string' || typeof type !== 'string' || inner !== undefined)
      throw new NoTable('a NumPy array of records within records');
    const padding = /^\|V(\d+)$/.exec(type);
    if (padding && name === '') recordBytes += Number(padding[1]);
    else {
      const column = columnType(type, recordBytes);
      columns.push({ ...column, name });
      recordBytes += column.bytes;
    }
  }
  if (columns.length > MOST_COLUMNS || columns.length === 0)
    throw new NoTable(`a NumPy array of ${columns.length} columns`);
  return { columns, recordBytes };
}
