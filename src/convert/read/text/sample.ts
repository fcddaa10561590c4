/** Reads the start of a file in a dialect that is being considered. */
import { WHITESPACE, type Dialect } from './dialect.js';
import { splitRecord } from './fields.js';
import { RecordScanner } from './record-scanner.js';

/** The start of a file: UTF-8 without a byte order mark. */
export interface Sample {
  readonly bytes: Buffer;
  /** True when it is the whole file. */
  readonly complete: boolean;
}

export interface SampleRecord {
  /** 1-based, where it starts. */
  readonly line: number;
  readonly raw: string;
  /** Cells; none of a record with broken quotes. */
  readonly texts: readonly string[];
  /** How many of them are quoted. */
  readonly quoted: number;
  /** A quote stands within a field that is not quoted. */
  readonly hasInnerQuote: boolean;
  readonly isBroken: boolean;
}

/** No more are looked at: what they do not show is found while the whole file is read. */
const MOST_RECORDS = 20_000;

/** Without blank lines, and without comments where the dialect has them. */
export function readSample(
  sample: Sample,
  dialect: Dialect,
  rawLines = 0,
  most = MOST_RECORDS,
): SampleRecord[] {
  const records: SampleRecord[] = [];
  const { comment, delimiter, quote } = dialect;
  const scanner = new RecordScanner(
    dialect,
    'sample',
    ({ buffer, start, end, line, brokenQuote }) => {
      if (records.length >= most) return;
      const raw = buffer.toString('utf8', start, end);
      const isBlank = raw.trim() === '' && (delimiter === WHITESPACE || !raw.includes(delimiter));
      if (isBlank || (comment !== undefined && raw.startsWith(comment))) return;
      const fields = brokenQuote
        ? []
        : splitRecord(raw, line <= rawLines ? unquoted(dialect) : dialect);
      records.push({
        ...{ line, raw, isBroken: brokenQuote },
        texts: fields.map(({ text }) => text),
        quoted: fields.filter(({ quoted }) => quoted).length,
        hasInnerQuote:
          quote !== '' && fields.some(({ quoted, text }) => !quoted && text.includes(quote)),
      });
    },
    { fields: 0, afterLine: 0, rawLines },
  );
  try {
    scanner.push(sample.bytes);
    // The last record of a part of a file is cut.
    if (sample.complete) scanner.end();
  } finally {
    scanner.close();
  }
  return records;
}

/** Quotes mean nothing above the table. */
function unquoted(dialect: Dialect): Dialect {
  return { ...dialect, quote: '', escape: '' };
}

export function linesOf({ bytes }: Sample, newline: Dialect['newline']): string[] {
  return bytes.toString('utf8').split(newline === '\n' ? /\r*\n/ : '\r');
}
