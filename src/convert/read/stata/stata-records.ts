/** The records of a Stata file, in the order of the file. */
import iconv from 'iconv-lite';
import { codePageOf, encoding, NotText, rejected, strictDecoder } from '../binary/code-page.js';
import { asUnreadable, Damage, tellingDamage } from '../binary/damage.js';
import { fixedRecords } from '../binary/fixed-records.js';
import { described, MissingReasons } from '../binary/labelled.js';
import { positionedName } from '../canonical-csv.js';
import type { RecordReader, SourceRecord } from '../record.js';
import { cellOf, countOf, textBytes } from './cell.js';
import type { StataColumn, StataFile } from './file.js';
import { readStataHeader } from './header.js';
import { readLabels } from './labels.js';
import { LongTexts } from './long-texts.js';

const EXPECTED = 'a whole Stata file of version 8 or newer';
/** From this version on, texts are UTF-8. */
const UNICODE = 118;

/**
 * Codes stay numbers: what they stand for is in the catalog. Days and moments are ISO 8601; missing values are NULL.
 * @param pinned Encoding of the texts.
 * @throws FORMAT_UNREADABLE
 */
export async function stataRecords(
  absolutePath: string,
  place: string,
  pinned: string | undefined,
): Promise<RecordReader> {
  try {
    const file = await readStataHeader(absolutePath);
    const labels = await readLabels(absolutePath, file);
    const page =
      file.version >= UNICODE && pinned === undefined
        ? encoding('utf-8', 'sure', 'texts of this version are UTF-8')
        : await codePageOf(textsOf(absolutePath, file), undefined, pinned);
    const textOf = (bytes: Buffer): string => iconv.decode(bytes, page.chosen);
    const names = file.columns.map(({ name }) => textOf(name));
    const codes = file.columns.map((column) =>
      (labels.get(column.labels) ?? []).map(
        ([code, text]) => [String(code), textOf(text)] as const,
      ),
    );
    return {
      columns: names.map(positionedName),
      originalTypes: file.columns.map(typeName),
      declaredTypes: file.columns.map(({ kind }) => (/text/.test(kind) ? 'VARCHAR' : undefined)),
      descriptions: described(
        names.map((name, at) => ({
          ...{ name, codes: codes[at]!, label: textOf(file.columns[at]!.description) },
        })),
      ),
      dialect: { version: file.version, encoding: page.chosen },
      decisions: [page],
      source: tellingDamage(
        () => records(absolutePath, file, names, strictDecoder(page)),
        place,
        EXPECTED,
      ),
    };
  } catch (error) {
    throw asUnreadable(error, place, EXPECTED);
  }
}

async function* records(
  absolutePath: string,
  file: StataFile,
  names: readonly string[],
  decode: (bytes: Buffer) => string,
): AsyncGenerator<SourceRecord> {
  const keys = names.map(positionedName);
  const reasons = new MissingReasons(names);
  const longTexts = new LongTexts(absolutePath, file);
  let line = 0;
  try {
    for await (const bytes of fixedRecords(absolutePath, file)) {
      line += 1;
      const cells = new Map<string, string | null>();
      let reject: SourceRecord | undefined;
      for (const [at, column] of file.columns.entries()) {
        try {
          const cell = valueOf(bytes, column, file.isBig, longTexts, decode);
          cells.set(keys[at]!, typeof cell === 'string' ? cell : null);
          if (typeof cell !== 'string') reasons.add(at, cell.reason);
        } catch (error) {
          if (!(error instanceof NotText)) throw error;
          reject ??= rejected(line, at, error, bytes);
        }
      }
      yield reject ?? { bytes: bytes.length, cells };
    }
    if (line < file.records) throw new Damage(`${line} of ${file.records} records`);
  } finally {
    longTexts.close();
  }
  for (const [at, { format }] of file.columns.entries()) {
    const counted = countOf(format);
    if (counted !== undefined)
      yield { remark: `column ${JSON.stringify(names[at])} counts ${counted}` };
  }
  if (longTexts.binary > 0)
    yield { remark: `${longTexts.binary} binary values are written in hexadecimal` };
  for (const remark of reasons.remarks()) yield { remark };
}

function valueOf(
  bytes: Buffer,
  column: StataColumn,
  isBig: boolean,
  longTexts: LongTexts,
  decode: (bytes: Buffer) => string,
) {
  if (column.kind === 'text') return decode(textBytes(bytes, column));
  if (column.kind !== 'long text') return cellOf(bytes, column, isBig);
  return longTexts.textOf(bytes.subarray(column.offset, column.offset + column.bytes), decode);
}

/** Texts of all records, for their encoding; long ones are not looked at. */
async function* textsOf(absolutePath: string, file: StataFile): AsyncGenerator<Buffer> {
  const texts = file.columns.filter(({ kind }) => kind === 'text');
  for (const { description } of file.columns) yield description;
  for await (const bytes of fixedRecords(absolutePath, file)) {
    for (const column of texts) yield textBytes(bytes, column);
  }
}

function typeName({ kind, bytes, format }: StataColumn): string {
  const type = kind === 'text' ? `str${bytes}` : kind === 'long text' ? 'strL' : kind;
  return `${type} ${format}`;
}
