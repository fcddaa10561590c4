/** The records of a dBASE table, one after the other as the file has them. */
import iconv from 'iconv-lite';
import { ImportError } from '../../../errors/index.js';
import { readHead } from '../../unpack/container.js';
import { codePageOf, NotText, rejected, strictDecoder } from '../binary/code-page.js';
import { fixedRecords, type FixedRecords } from '../binary/fixed-records.js';
import { positionedName } from '../canonical-csv.js';
import type { RecordReader, SourceRecord } from '../record.js';
import { cellOf, MEMO } from './cell.js';
import { readHeader, type DbaseField, type DbaseHeader } from './header.js';

const HEAD_BYTES = 64 * 1024;
const DELETED = 0x2a;
const NULL_FLAGS = '0';

/**
 * Records that are marked as deleted are left out and told. A file with fewer records than its header says was not
 * copied to its end.
 * @param pinned Encoding of the texts.
 * @throws FORMAT_UNREADABLE
 */
export async function dbaseRecords(
  absolutePath: string,
  place: string,
  pinned: string | undefined,
): Promise<RecordReader> {
  const header = readHeader(await readHead(absolutePath, HEAD_BYTES));
  if (!header) {
    throw new ImportError('FORMAT_UNREADABLE', {
      place,
      expected: 'the header of a dBASE table',
      found: 'other content',
    });
  }
  const fields = header.fields.filter(({ type }) => type !== NULL_FLAGS);
  const encoding = await codePageOf(textsOf(absolutePath, header), header.encoding, pinned);
  const decode = strictDecoder(encoding);
  const nameOf = ({ name }: DbaseField): string => iconv.decode(name, encoding.chosen);
  const names = fields.map((field, at) => positionedName(nameOf(field), at));
  return {
    originalTypes: fields.map(typeName),
    dialect: { encoding: encoding.chosen },
    decisions: [encoding],
    async *source() {
      let deleted = 0;
      let found = 0;
      for await (const bytes of fixedRecords(absolutePath, placeOf(header))) {
        found += 1;
        if (bytes[0] === DELETED) deleted += 1;
        else yield recordOf(bytes, fields, names, decode, found);
      }
      if (found < header.records) {
        throw new ImportError('FORMAT_UNREADABLE', {
          place,
          expected: `${header.records} records, as the header says`,
          found: `${found}: the file was not copied to its end`,
        });
      }
      yield* remarksOf(deleted, fields, nameOf);
    },
  };
}

function recordOf(
  bytes: Buffer,
  fields: readonly DbaseField[],
  names: readonly string[],
  decode: (bytes: Buffer) => string,
  line: number,
): SourceRecord {
  const cells = new Map<string, string | null>();
  for (const [at, field] of fields.entries()) {
    try {
      const own = bytes.subarray(field.offset, field.offset + field.length);
      cells.set(names[at]!, cellOf(own, field, decode));
    } catch (error) {
      if (!(error instanceof NotText)) throw error;
      return rejected(line, at, error, bytes);
    }
  }
  return { bytes: bytes.length, cells };
}

function* remarksOf(
  deleted: number,
  fields: readonly DbaseField[],
  nameOf: (field: DbaseField) => string,
): Generator<SourceRecord> {
  if (deleted > 0) {
    yield {
      remark: `${deleted} ${deleted === 1 ? 'record is' : 'records are'} marked as deleted, and left out`,
    };
  }
  const memos = fields.filter(({ type }) => MEMO.test(type)).map(nameOf);
  if (memos.length > 0) {
    yield { remark: `texts that a file beside the table holds are missing: ${memos.join(', ')}` };
  }
}

/** Texts of all records, for their encoding. */
async function* textsOf(absolutePath: string, header: DbaseHeader): AsyncGenerator<Buffer> {
  const texts = header.fields.filter(({ type }) => type === 'C');
  for await (const record of fixedRecords(absolutePath, placeOf(header))) {
    for (const { offset, length } of texts) yield record.subarray(offset, offset + length);
  }
}

/** Of the records that the header counts. */
function placeOf({ headerBytes, recordBytes, records }: DbaseHeader): FixedRecords {
  return { start: headerBytes, recordBytes, records };
}

function typeName({ type, length, decimals }: DbaseField): string {
  return decimals > 0 ? `${type}(${length},${decimals})` : `${type}(${length})`;
}
