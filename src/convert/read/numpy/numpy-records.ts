/** The rows of a NumPy array of one or two dimensions, or of records. */
import { open, stat } from 'node:fs/promises';
import { NotText, rejected } from '../binary/code-page.js';
import { asUnreadable, Damage, tellingDamage } from '../binary/damage.js';
import { bytesAt, fixedRecords } from '../binary/fixed-records.js';
import { positionedName } from '../canonical-csv.js';
import type { RecordReader, SourceRecord } from '../record.js';
import { readNumpyHeader, type NumpyArray } from './header.js';

const EXPECTED = 'a NumPy array of one or two dimensions';
const HEAD_BYTES = (1 << 20) + 16;
/** Of an array column after column so much is held at once. */
const BLOCK_BYTES = 16 << 20;

/** An array of one dimension has the column `value`, one of two `column_1`, `column_2`, ... @throws FORMAT_UNREADABLE */
export async function numpyRecords(absolutePath: string, place: string): Promise<RecordReader> {
  try {
    const array = readNumpyHeader(await bytesAt(absolutePath, 0, HEAD_BYTES));
    const { columns, rows, recordBytes, start, isFortran } = array;
    const { size } = await stat(absolutePath);
    const behind = size - start - rows * recordBytes;
    if (behind < 0) {
      const whole = Math.floor(Math.max(0, size - start) / recordBytes);
      throw new Damage(`${whole} of ${rows} rows: the file was not copied to its end`);
    }
    return {
      columns: columns.map(({ name }, at) => positionedName(name, at)),
      originalTypes: columns.map(({ typeName }) => typeName),
      declaredTypes: columns.map(({ declared }) => declared),
      dialect: { fortranOrder: isFortran },
      source: tellingDamage(() => records(absolutePath, array, behind), place, EXPECTED),
    };
  } catch (error) {
    throw asUnreadable(error, place, EXPECTED);
  }
}

/** @param behind Bytes of the file behind the array. */
async function* records(
  absolutePath: string,
  array: NumpyArray,
  behind: number,
): AsyncGenerator<SourceRecord> {
  const keys = array.columns.map(({ name }, at) => positionedName(name, at));
  let line = 0;
  for await (const row of array.isFortran
    ? turned(absolutePath, array)
    : straight(absolutePath, array)) {
    line += 1;
    const cells = new Map<string, string | null>();
    let reject: SourceRecord | undefined;
    for (const [at, { offset, read }] of array.columns.entries()) {
      try {
        cells.set(keys[at]!, read(row, offset));
      } catch (error) {
        if (!(error instanceof NotText)) throw error;
        reject ??= rejected(line, at, error, row);
      }
    }
    yield reject ?? { bytes: row.length, cells };
  }
  for (const { name, counts } of array.columns)
    if (counts !== undefined) yield { remark: `column ${JSON.stringify(name)} counts ${counts}` };
  if (behind > 0) yield { remark: `${behind} bytes behind the array are left out` };
}

function straight(absolutePath: string, { start, recordBytes, rows }: NumpyArray) {
  return fixedRecords(absolutePath, { start, recordBytes, records: rows });
}

/** Some rows of each column at a time. */
async function* turned(
  absolutePath: string,
  { start, recordBytes, rows, columns }: NumpyArray,
): AsyncGenerator<Buffer> {
  const { bytes } = columns[0]!;
  const together = Math.max(1, Math.floor(BLOCK_BYTES / recordBytes));
  const file = await open(absolutePath);
  try {
    for (let from = 0; from < rows; from += together) {
      const count = Math.min(together, rows - from);
      const block = Buffer.alloc(count * recordBytes);
      const piece = Buffer.alloc(count * bytes);
      for (const [at, { offset }] of columns.entries()) {
        await file.read(piece, 0, piece.length, start + (at * rows + from) * bytes);
        for (let row = 0; row < count; row += 1)
          piece.copy(block, row * recordBytes + offset, row * bytes, (row + 1) * bytes);
      }
      for (let row = 0; row < count; row += 1)
        yield block.subarray(row * recordBytes, (row + 1) * recordBytes);
    }
  } finally {
    await file.close();
  }
}
