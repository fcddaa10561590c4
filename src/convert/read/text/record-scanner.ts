/** Finds the records of delimited text, independently of DuckDB: the source's side of the ledger. */
import { ImportError } from '../../../errors/index.js';
import type { ColumnCells } from '../../relation.js';
import { MAX_RECORD_BYTES } from '../record-length.js';
import { WHITESPACE, type Dialect } from './dialect.js';
import { giveBackRecordFinder, takeRecordFinder, type RecordFinder } from './record-finder.js';

export interface ScannedRecord {
  /** Holds the record; only valid during the call. */
  readonly buffer: Buffer;
  readonly start: number;
  /** Without the line end. */
  readonly end: number;
  readonly fields: number;
  /** 1-based line where the record starts. */
  readonly line: number;
  /** Text after a closing quote, or a quote that is never closed. */
  readonly brokenQuote: boolean;
  /** A reader less lenient than this one could read it differently: quotes or lone `\r` inside plain text. */
  readonly unusual: boolean;
  /** Line end: 0 for `\n`, 1 for `\r\n`, 2 for `\r\r\n`; -1 for a last record without one. */
  readonly returns: number;
  /** With its line end. */
  readonly bytes: number;
  /** Ordinary records before it. */
  readonly ordinaryBefore: number;
}

/** Records that are only counted: `fields` fields, nothing unusual, the line end of the record before. */
export interface Ordinary {
  readonly fields: number;
  /** Records that start on the first lines are never ordinary: preamble and header. */
  readonly afterLine: number;
  /** So many lines at the start are no records, like comments: quotes mean nothing in them. */
  readonly rawLines: number;
  /** Records that begin with these bytes are never ordinary. */
  readonly like?: Buffer;
}

const NONE = -1;
const BROKEN = 1;
const UNUSUAL = 2;
const RUNS = 1;
const BESIDE_QUOTES = 2;
const ESCAPES_OUTSIDE = 4;
/** What the finder compares at once. */
const LIKE_BYTES = 8;
/** 32-bit numbers, and the last two doubles: as assembly/csv-records.ts lays them out. */
const LISTED_WORDS = 10;

/**
 * Push the file's bytes in order, then `end()`, and `close()` whatever happens. Every record, blank lines included,
 * goes to `onRecord`, but those that are `ordinary`; of these, only one in some thousand. Records end at `\n`, `\r\n`,
 * `\r\r\n` (or at `\r` when the dialect says so), but not within quotes; one whose quotes are broken ends with its
 * first line. Throws RECORD_TOO_LONG.
 */
export class RecordScanner {
  private readonly finder: RecordFinder = takeRecordFinder();
  private memory: Buffer = Buffer.alloc(0);

  constructor(
    dialect: Dialect,
    private readonly place: string,
    private readonly onRecord: (record: ScannedRecord) => void,
    private readonly ordinary: Ordinary = { fields: 0, afterLine: 0, rawLines: 0 },
  ) {
    const { finder } = this;
    const { delimiter, quote, escape, newline, comment } = dialect;
    const isRun = delimiter === WHITESPACE;
    const separator = Buffer.from(isRun ? ' ' : delimiter);
    const byteOf = (text: string | undefined): number => (text ? text.charCodeAt(0) : NONE);
    const at = finder.delimiterText();
    Buffer.from(finder.memory.buffer).set(separator, at);
    finder.configure(
      separator.length,
      byteOf(quote),
      escape === quote ? NONE : byteOf(escape),
      byteOf(newline),
      byteOf(comment),
      (isRun ? RUNS : 0) |
        (dialect.blanksBesideQuotes && !isRun ? BESIDE_QUOTES : 0) |
        (dialect.escapesOutside ? ESCAPES_OUTSIDE : 0),
      ordinary.fields,
      ordinary.afterLine,
      ordinary.rawLines,
    );
    finder.begin();
    const like = ordinary.like?.subarray(0, LIKE_BYTES);
    if (!like?.length) return;
    const words = Buffer.alloc(LIKE_BYTES);
    like.copy(words);
    finder.listLike(words.readUInt32LE(0), words.readUInt32LE(4), like.length);
  }

  push(chunk: Buffer): void {
    const { finder, place } = this;
    const unfinishedBytes = finder.unfinishedBytes.value;
    if (unfinishedBytes > MAX_RECORD_BYTES) {
      throw new ImportError('RECORD_TOO_LONG', {
        place: `${place}:${finder.line.value}`,
        expected: `a record of at most ${MAX_RECORD_BYTES} bytes`,
        found: 'a longer one: most likely a quote that is never closed',
      });
    }
    const at = finder.room(chunk.length);
    this.see();
    this.memory.set(chunk, at);
    finder.take(chunk.length);
    this.scan(false);
  }

  end(): void {
    this.finder.room(0);
    this.see();
    this.scan(true);
  }

  /** Nothing can be asked of it afterwards. */
  close(): void {
    giveBackRecordFinder(this.finder);
  }

  /** The memory is another one after it has grown. */
  private see(): void {
    if (this.memory.buffer !== this.finder.memory.buffer)
      this.memory = Buffer.from(this.finder.memory.buffer);
  }

  /** Line ends so far, those within quotes among them; of a last record without one, as if it had one. */
  get lines(): number {
    return this.finder.line.value - 1;
  }

  /** How many records were ordinary, their bytes with line ends, and the longest of them in bytes. */
  counted(): { records: number; bytes: number; longestBytes: number } {
    const { counted, countedBytes, longest } = this.finder;
    return { records: counted.value, bytes: countedBytes.value, longestBytes: longest.value };
  }

  /**
   * One a column, without the records up to `afterLine`. Right for the table when all its records have as many
   * fields as are ordinary.
   */
  cells(): ColumnCells[] {
    const { finder, ordinary } = this;
    const facts = new Int32Array(finder.memory.buffer, finder.cellFacts(), 2 * ordinary.fields);
    return Array.from({ length: ordinary.fields }, (_, column) => ({
      empty: facts[2 * column]! >>> 0,
      longestBytes: facts[2 * column + 1]!,
    }));
  }

  private scan(last: boolean): void {
    const { finder } = this;
    for (;;) {
      const isDone = finder.scan(last);
      this.emit();
      if (isDone) return;
    }
  }

  private emit(): void {
    const { finder, memory } = this;
    const listed = finder.listed.value;
    if (listed === 0) return;
    const words = new Int32Array(memory.buffer, finder.records(), LISTED_WORDS * listed);
    const doubles = new Float64Array(memory.buffer, finder.records(), (LISTED_WORDS / 2) * listed);
    const text = memory.subarray(finder.textStart());
    for (let record = 0; record < listed; record += 1) {
      const at = LISTED_WORDS * record;
      const flags = words[at + 3]!;
      this.onRecord({
        buffer: text,
        start: words[at]!,
        end: words[at + 1]!,
        fields: words[at + 2]!,
        line: doubles[at / 2 + 3]!,
        brokenQuote: (flags & BROKEN) !== 0,
        unusual: (flags & UNUSUAL) !== 0,
        returns: words[at + 4]!,
        bytes: words[at + 5]!,
        ordinaryBefore: doubles[at / 2 + 4]!,
      });
    }
  }
}
