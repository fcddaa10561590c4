/** The records of one table of a SAS transport file. */
import iconv from 'iconv-lite';
import { codePageOf, NotText, rejected, strictDecoder } from '../binary/code-page.js';
import { asUnreadable, Damage, tellingDamage } from '../binary/damage.js';
import { bytesAt, fixedRecords, type FixedRecords } from '../binary/fixed-records.js';
import { described, MissingReasons } from '../binary/labelled.js';
import { positionedName } from '../canonical-csv.js';
import type { RecordReader, SourceRecord } from '../record.js';
import { ibmNumber, missingReason, shown } from './cell.js';
import {
  CARD,
  listTransport,
  trimmed,
  type TransportColumn,
  type TransportTable,
} from './transport.js';

const EXPECTED = 'a whole SAS transport file of version 5 or 8';

/** Several tables have their names. @throws FORMAT_UNREADABLE */
export async function transportTables(absolutePath: string, place: string): Promise<string[]> {
  try {
    const tables = await listTransport(absolutePath);
    return tables.length === 1 ? [] : tables.map(({ name }) => name);
  } catch (error) {
    throw asUnreadable(error, place, EXPECTED);
  }
}

/**
 * Texts lose the blanks that fill them up; those of blanks alone are missing, as in SAS.
 * @param inside Its name, where the file holds several.
 * @param pinned Encoding of the texts.
 * @throws FORMAT_UNREADABLE
 */
export async function transportRecords(
  absolutePath: string,
  place: string,
  inside: string | undefined,
  pinned: string | undefined,
): Promise<RecordReader> {
  try {
    const tables = await listTransport(absolutePath);
    const table = inside === undefined ? tables[0] : tables.find(({ name }) => name === inside);
    if (!table) throw new Damage(`no table ${JSON.stringify(inside)}`);
    const { columns } = table;
    const rows = await rowsOf(absolutePath, table);
    const page = await codePageOf(textsOf(absolutePath, table, rows), undefined, pinned);
    const textOf = (bytes: Buffer): string => iconv.decode(bytes, page.chosen);
    const names = columns.map(({ name }) => textOf(name));
    return {
      columns: names.map(positionedName),
      originalTypes: columns.map(({ isText, bytes, format }) =>
        `${isText ? 'char' : 'num'}(${bytes}) ${format}`.trim(),
      ),
      declaredTypes: columns.map(({ isText }) => (isText ? 'VARCHAR' : undefined)),
      descriptions: described(
        columns.map(({ label }, at) => ({ name: names[at]!, label: textOf(label), codes: [] })),
      ),
      dialect: { encoding: page.chosen, table: table.name },
      decisions: [page],
      source: tellingDamage(
        () => records(absolutePath, table, rows, names, strictDecoder(page)),
        place,
        EXPECTED,
      ),
    };
  } catch (error) {
    throw asUnreadable(error, place, EXPECTED);
  }
}

type Rows = FixedRecords & { readonly remark?: string };

/** Nothing says how many there are: what is left of the last card is filled with blanks. @throws Damage */
async function rowsOf(absolutePath: string, table: TransportTable): Promise<Rows> {
  const { start, end, recordBytes, columns } = table;
  const bytes = end - start;
  let records = Math.floor(bytes / recordBytes);
  const last = await bytesAt(absolutePath, end - Math.min(CARD, bytes), Math.min(CARD, bytes));
  let blanks = 0;
  while (blanks < last.length && last[last.length - 1 - blanks] === 0x20) blanks += 1;
  const rest = bytes - records * recordBytes;
  if (rest >= CARD || rest > blanks) {
    throw new Damage('a record that is cut short: the file was not copied to its end');
  }
  const before = records;
  for (let fill = rest + recordBytes; fill < CARD && fill <= blanks; fill += recordBytes)
    records -= 1;
  const isDoubtful = records < before && columns.every(({ isText }) => isText);
  const remark = `${before - records} records of blanks at the end were taken for what fills the file up`;
  return { start, recordBytes, records, ...(isDoubtful && { remark }) };
}

async function* records(
  absolutePath: string,
  { columns }: TransportTable,
  rows: Rows,
  names: readonly string[],
  decode: (bytes: Buffer) => string,
): AsyncGenerator<SourceRecord> {
  const keys = names.map(positionedName);
  const reasons = new MissingReasons(names);
  let line = 0;
  for await (const bytes of fixedRecords(absolutePath, rows)) {
    line += 1;
    const cells = new Map<string, string | null>();
    let reject: SourceRecord | undefined;
    for (const [at, column] of columns.entries()) {
      try {
        const own = bytes.subarray(column.offset, column.offset + column.bytes);
        const reason = column.isText ? undefined : missingReason(own);
        if (reason !== undefined) reasons.add(at, reason);
        cells.set(keys[at]!, reason === undefined ? cellOf(own, column, decode) : null);
      } catch (error) {
        if (!(error instanceof NotText)) throw error;
        reject ??= rejected(line, at, error, bytes);
      }
    }
    yield reject ?? { bytes: bytes.length, cells };
  }
  if (rows.remark !== undefined) yield { remark: rows.remark };
  for (const remark of reasons.remarks()) yield { remark };
}

function cellOf(
  bytes: Buffer,
  { isText, format }: TransportColumn,
  decode: (bytes: Buffer) => string,
): string | null {
  if (!isText) return shown(ibmNumber(bytes), format);
  const text = trimmed(bytes);
  return text.length === 0 ? null : decode(text);
}

async function* textsOf(
  absolutePath: string,
  { columns }: TransportTable,
  rows: Rows,
): AsyncGenerator<Buffer> {
  const texts = columns.filter(({ isText }) => isText);
  for (const { label } of columns) yield label;
  if (texts.length === 0) return;
  for await (const bytes of fixedRecords(absolutePath, rows)) {
    for (const { offset, bytes: length } of texts) yield bytes.subarray(offset, offset + length);
  }
}
