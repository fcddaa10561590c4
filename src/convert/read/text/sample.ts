/** Reads the start of a file in a dialect that is being considered. */
import { WHITESPACE, type Dialect } from './dialect.js';
import { splitRecord, type Field } from './fields.js';
import { RecordScanner, type ScannedRecord } from './record-scanner.js';

/** The start of a file: UTF-8 without a byte order mark. */
export interface Sample {
  readonly bytes: Buffer;
  /** True when it is the whole file. */
  readonly complete: boolean;
  /** The last bytes of the file, perhaps from the middle of a record on. */
  readonly end: Buffer;
}

/** One that is being considered: most dialects need no more of it than how many fields it has. */
export interface SampleRecord {
  /** 1-based, where it starts. */
  readonly line: number;
  /** None of a record with broken quotes. */
  readonly fields: number;
  readonly raw: string;
  /** Cells, as many as fields. */
  readonly texts: readonly string[];
  /** How many of them are quoted. */
  readonly quoted: number;
  /** A quote stands within a field that is not quoted. */
  readonly hasInnerQuote: boolean;
  /** One stands behind the blanks in front of such a field. */
  readonly hasLateQuote: boolean;
  readonly isBroken: boolean;
}

/** No more are looked at: what they do not show is found while the whole file is read. */
const MOST_RECORDS = 20_000;
const SPACE = 32;
const DELETE = 127;

/** Without blank lines, and without comments where the dialect has them. */
export function readSample(
  sample: Sample,
  dialect: Dialect,
  rawLines = 0,
  most = MOST_RECORDS,
): SampleRecord[] {
  const { bytes, complete } = sample;
  const origin = { bytes, dialect };
  const above = { bytes, dialect: unquoted(dialect) };
  const records: SampleRecord[] = [];
  // Every record is listed, so that one starts where those before it end.
  let at = 0;
  const scanner = new RecordScanner(
    dialect,
    'sample',
    (found) => {
      const [start, end] = [at, at + found.end - found.start];
      at += found.bytes;
      if (records.length >= most || isLeftOut(bytes, start, end, dialect)) return;
      records.push(new LazyRecord(found, start, end, found.line <= rawLines ? above : origin));
    },
    { fields: 0, afterLine: 0, rawLines },
  );
  try {
    scanner.push(bytes);
    // The last record of a part of a file is cut.
    if (complete) scanner.end();
  } finally {
    scanner.close();
  }
  return records;
}

/** Blank lines and comments. */
function isLeftOut(bytes: Buffer, start: number, end: number, dialect: Dialect): boolean {
  const { comment, delimiter } = dialect;
  const first = bytes[start]!;
  if (comment !== undefined && first === comment.charCodeAt(0)) return true;
  // What begins with a letter is not looked at any further.
  if (first > SPACE && first < DELETE && start < end) return false;
  const raw = bytes.toString('utf8', start, end);
  return raw.trim() === '' && (delimiter === WHITESPACE || !raw.includes(delimiter));
}

/** Becomes text when it is asked for: a sample is read in many dialects, and in most only counted. */
class LazyRecord implements SampleRecord {
  readonly line: number;
  readonly fields: number;
  readonly isBroken: boolean;
  private text: string | undefined;
  private cells: readonly Field[] | undefined;
  private spelled: readonly string[] | undefined;

  constructor(
    { line, fields, brokenQuote }: ScannedRecord,
    private readonly start: number,
    private readonly end: number,
    private readonly origin: { readonly bytes: Buffer; readonly dialect: Dialect },
  ) {
    this.line = line;
    this.fields = brokenQuote ? 0 : fields;
    this.isBroken = brokenQuote;
  }

  get raw(): string {
    return (this.text ??= this.origin.bytes.toString('utf8', this.start, this.end));
  }

  get texts(): readonly string[] {
    return (this.spelled ??= this.split().map(({ text }) => text));
  }

  get quoted(): number {
    return this.hasQuote() ? this.split().filter(({ quoted }) => quoted).length : 0;
  }

  get hasInnerQuote(): boolean {
    const { quote } = this.origin.dialect;
    const marks = quote === '"' ? [quote] : [quote, '"'];
    return (
      quote !== '' &&
      marks.some((mark) => this.raw.includes(mark)) &&
      this.split().some(({ quoted, text }) => !quoted && marks.some((mark) => text.includes(mark)))
    );
  }

  get hasLateQuote(): boolean {
    return (
      /[ \t]"/.test(this.raw) &&
      this.split().some(({ quoted, text }) => !quoted && /^[ \t]+"/.test(text))
    );
  }

  private hasQuote(): boolean {
    const { quote } = this.origin.dialect;
    return quote !== '' && this.raw.includes(quote);
  }

  private split(): readonly Field[] {
    return (this.cells ??= this.isBroken ? [] : splitRecord(this.raw, this.origin.dialect));
  }
}

/** Where no record is left out, as comments are. */
export function isBelowBlank(
  records: readonly SampleRecord[],
  at: number,
  { newline }: Dialect,
): boolean {
  const before = records[at - 1];
  if (!before) return false;
  const lines = records[at]!.line - before.line;
  return lines > 1 && lines > before.raw.split(newline).length;
}

/** Quotes mean nothing above the table. */
function unquoted(dialect: Dialect): Dialect {
  return { ...dialect, quote: '', escape: '' };
}

/** The first lines, all if it is not said how many. */
export function linesOf({ bytes }: Sample, newline: Dialect['newline'], most?: number): string[] {
  return bytes.toString('utf8').split(newline === '\n' ? /\r*\n/ : '\r', most);
}
