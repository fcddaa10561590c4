/** The records of a dBASE table, one after the other as the file has them. */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import iconv from 'iconv-lite';
import { ImportError } from '../../../errors/index.js';
import { readHead } from '../../unpack/container.js';
import { positionedName } from '../canonical-csv.js';
import { decision, type Decision } from '../decision.js';
import type { RecordReader, SourceRecord } from '../record.js';
import { csvPin } from '../text/pin-text.js';
import { cellOf, MEMO } from './cell.js';
import { readHeader, type DbaseField, type DbaseHeader } from './header.js';

const HEAD_BYTES = 64 * 1024;
const DELETED = 0x2a;
/** What programs of Windows write where the file does not say. */
const USUAL = 'windows-1252';
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
  const encoding = await decideEncoding(absolutePath, header, pinned);
  const decode = (bytes: Buffer): string => iconv.decode(bytes, encoding.chosen);
  const names = fields.map(({ name }, at) => positionedName(decode(name), at));
  return {
    originalTypes: fields.map(typeName),
    dialect: { encoding: encoding.chosen },
    decisions: [encoding],
    async *source() {
      let deleted = 0;
      let found = 0;
      for await (const bytes of recordsOf(absolutePath, header)) {
        found += 1;
        if (bytes[0] === DELETED) deleted += 1;
        else yield recordOf(bytes, fields, names, decode);
      }
      if (found < header.records) {
        throw new ImportError('FORMAT_UNREADABLE', {
          place,
          expected: `${header.records} records, as the header says`,
          found: `${found}: the file was not copied to its end`,
        });
      }
      yield* remarksOf(deleted, fields, decode);
    },
  };
}

function recordOf(
  bytes: Buffer,
  fields: readonly DbaseField[],
  names: readonly string[],
  decode: (bytes: Buffer) => string,
): SourceRecord {
  const cells = fields.map((field, at): [string, string | null] => [
    names[at]!,
    cellOf(bytes.subarray(field.offset, field.offset + field.length), field, decode),
  ]);
  return { bytes: bytes.length, cells: new Map(cells) };
}

function* remarksOf(
  deleted: number,
  fields: readonly DbaseField[],
  decode: (bytes: Buffer) => string,
): Generator<SourceRecord> {
  if (deleted > 0) {
    yield {
      remark: `${deleted} ${deleted === 1 ? 'record is' : 'records are'} marked as deleted, and left out`,
    };
  }
  const memos = fields.filter(({ type }) => MEMO.test(type)).map(({ name }) => decode(name));
  if (memos.length > 0) {
    yield { remark: `texts that a file beside the table holds are missing: ${memos.join(', ')}` };
  }
}

/** Those that the header counts, cut out of the file as it is read. */
async function* recordsOf(
  absolutePath: string,
  { headerBytes, recordBytes, records }: DbaseHeader,
): AsyncGenerator<Buffer> {
  if (records === 0) return;
  const end = headerBytes + records * recordBytes - 1;
  const pieces = createReadStream(absolutePath, {
    start: headerBytes,
    end,
    highWaterMark: 1 << 20,
  });
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of pieces as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let at = 0;
    for (; at + recordBytes <= bytes.length; at += recordBytes)
      yield bytes.subarray(at, at + recordBytes);
    rest = bytes.subarray(at);
  }
}

/** As the header says; else UTF-8 where all texts are, else what is usual, which is a guess. */
async function decideEncoding(
  absolutePath: string,
  header: DbaseHeader,
  pinned: string | undefined,
): Promise<Decision> {
  const chosen = (encoding: string, certainty: Decision['certainty'], evidence: string): Decision =>
    decision(certainty, {
      about: 'encoding',
      chosen: encoding,
      evidence,
      pin: csvPin({ encoding }),
    });
  if (pinned !== undefined) return chosen(pinned, 'pinned', 'pinned');
  if (header.encoding !== undefined) return chosen(header.encoding, 'sure', 'the header names it');
  const texts = header.fields.filter(({ type }) => type === 'C');
  let isAscii = true;
  for await (const record of recordsOf(absolutePath, header)) {
    for (const { offset, length } of texts) {
      const bytes = record.subarray(offset, offset + length);
      if (bytes.every((byte) => byte < 0x80)) continue;
      isAscii = false;
      if (!isUtf8(bytes))
        return chosen(USUAL, 'guess', 'the header names none, and the texts are not UTF-8');
    }
  }
  return chosen(
    'utf-8',
    isAscii ? 'sure' : 'likely',
    isAscii ? 'all texts are ASCII' : 'all texts are UTF-8',
  );
}

function typeName({ type, length, decimals }: DbaseField): string {
  return decimals > 0 ? `${type}(${length},${decimals})` : `${type}(${length})`;
}
