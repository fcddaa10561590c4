/** Tells numbers that the delimiter divides: `1,234` and `1,50` are one cell to whoever wrote them. */
import { isDecimal } from './cell-shapes.js';
import type { Dialect } from './dialect.js';
import { findHeader } from './header.js';
import type { SampleRecord } from './sample.js';

/** What people set thousands apart with. */
const THOUSANDS = [',', '.', ' ', "'"];
/** Of so many, chance leaves none without a zero in front of what stands behind the mark. */
const MANY_NUMBERS = 45;

/** In one cell, where somebody has quoted it. */
const WHOLE = /^[-+$€£ ]*\d{1,3}([,.' ]\d{3})+([.,]\d+)?$/;

interface Split {
  readonly dialect: Dialect;
  readonly fields: number;
  readonly records: readonly SampleRecord[];
}

/** The column of the last digits, where the delimiter sets thousands apart. */
export function splitsThousands(
  { delimiter }: Dialect,
  fields: number,
  rows: readonly SampleRecord[],
): number | undefined {
  if (!THOUSANDS.includes(delimiter)) return undefined;
  return splitColumn(fields, rows, /^[-+$€£ ]*[1-9]\d{0,2}$/, () => /^\d{3}$/);
}

/** Nothing but one of them, or: of numbers that were set apart, one in ten has a zero behind the mark. */
export function areThousands({ dialect, fields, records }: Split): boolean {
  const column = splitsThousands(dialect, fields, records);
  if (column === undefined) return false;
  return fields === 2 || showsZeros(records, column);
}

/** `39,64` in each record; names above both of its parts would say that they are two, and a point elsewhere that it sets decimals apart. */
export function areDecimals({ dialect, fields, records }: Split): boolean {
  if (dialect.delimiter !== ',' || records.length === 0) return false;
  if (records.some(({ texts }) => texts.some(isDecimal))) return false;
  const fixed = (first: string): RegExp => (first.trim().length === 3 ? /^\d{3}\s*$/ : /^\d\d\s*$/);
  const column = splitColumn(fields, records, /^[-+]?\d+$/, fixed);
  return column !== undefined && !findHeader(records).isHeader && showsZeros(records, column);
}

function showsZeros(records: readonly SampleRecord[], column: number): boolean {
  return (
    records.length < MANY_NUMBERS || records.some(({ texts }) => texts[column]?.startsWith('0'))
  );
}

/**
 * The first column whose cells are all of one spelling, beside one of another; rows that have the whole number in one of
 * the two do not count. `second` is given its first cell.
 */
function splitColumn(
  fields: number,
  records: readonly SampleRecord[],
  first: RegExp,
  second: (cell: string) => RegExp,
): number | undefined {
  const rows = records.filter((record) => record.fields === fields);
  if (rows.length === 0) return undefined;
  for (let column = 1; column < fields; column += 1) {
    const fits = second(rows[0]!.texts[column]!);
    let split = 0;
    const areAll = rows.every(({ texts }) => {
      const [before, behind] = [texts[column - 1]!, texts[column]!];
      if (WHOLE.test(before) || WHOLE.test(behind)) return true;
      split += 1;
      return first.test(before) && fits.test(behind);
    });
    if (areAll && split >= rows.length / 2) return column;
  }
  return undefined;
}
