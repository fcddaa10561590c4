/** Finds delimiter, quote, escape, line end, preamble and header from the first records of a file. */
import type { DatasetEntry } from '../../config/datasets.js';
import type { Dialect } from './dialect.js';
import { splitRecord, type Field } from './fields.js';
import { areNumbers, hasHeader } from './header.js';
import { RecordScanner } from './record-scanner.js';

export interface DetectedDialect {
  readonly dialect: Dialect;
  /** Fields of a record; what has more or fewer is a reject. */
  readonly fields: number;
  readonly header: boolean;
  /** One name a field, as the file spells it; empty texts where there is no header. */
  readonly names: readonly string[];
  /** Lines before the header that are no records. */
  readonly skippedLines: number;
  /** What was considered, best first: recorded in the catalog. */
  readonly candidates: ReadonlyArray<{
    delimiter: string;
    quote: string;
    fields: number;
    score: number;
  }>;
}

type Pins = NonNullable<DatasetEntry['csv']>;

interface Sampled {
  readonly fields: readonly Field[];
  readonly line: number;
}

const DELIMITERS = [',', ';', '\t', '|', ':', ' '];
/** Also found in plain text and times of day: they need more than to be regular. */
const DOUBTFUL = new Set([':', ' ']);
const DOUBTFUL_SCORE = 0.7;
const MAX_PREAMBLE_LINES = 50;

/** `sample` is UTF-8 without a byte order mark; `complete` tells that it is the whole file. */
export function detectDialect(sample: Buffer, complete: boolean, pins: Pins = {}): DetectedDialect {
  const newline = lineEnd(sample);
  const comment = pins.comment ?? leadingComment(sample);
  const scored = candidates(sample, pins)
    .map(({ delimiter, quote, escape }) => {
      const dialect: Dialect = { delimiter, quote, escape, newline, ...(comment && { comment }) };
      const records = readSample(sample, complete, dialect, pins.skip_lines ?? 0);
      return { dialect, records, ...scoreOf(records, delimiter) };
    })
    .sort((a, b) => b.score - a.score || b.fields - a.fields);
  const { dialect, records, fields: usual } = scored[0]!;

  const first = pins.skip_lines === undefined ? preambleLength(records, usual) : 0;
  const body = records.slice(first);
  const header =
    pins.header ?? hasHeader(body.map((record) => record.fields.map(({ text }) => text)));
  const fields = Math.max(usual, 1);
  const head = body[0]?.fields.map(({ text }) => text) ?? [];
  const names = header ? fitNames(head, body.length > 1 ? fields : head.length, body.slice(1)) : [];
  return {
    dialect,
    fields: header && body.length <= 1 ? Math.max(head.length, 1) : header ? names.length : fields,
    header,
    names: header ? names : Array.from({ length: fields }, () => ''),
    skippedLines: (body[0]?.line ?? 1) - 1,
    candidates: scored.map(({ dialect: { delimiter, quote }, fields: count, score }) => ({
      ...{ delimiter, quote, fields: count },
      score: Math.round(score * 1000) / 1000,
    })),
  };
}

/**
 * A header one name short of its rows leaves out the row names' (R's write.table), or the rows end with a delimiter
 * each; a header with empty names at its end had delimiters too many. Any other difference makes rejects of the rows,
 * and is reported.
 */
function fitNames(head: readonly string[], fields: number, rows: readonly Sampled[]): string[] {
  if (head.length === fields - 1) {
    const isTail = rows.every(({ fields: cells }) => !cells[fields - 1]?.text);
    return isTail ? [...head, ''] : ['', ...head];
  }
  const surplus = head.slice(fields);
  return surplus.length > 0 && surplus.every((name) => name === '')
    ? head.slice(0, fields)
    : [...head];
}

function candidates(sample: Buffer, pins: Pins): Pick<Dialect, 'delimiter' | 'quote' | 'escape'>[] {
  const delimiters = pins.delimiter === undefined ? DELIMITERS : [pins.delimiter];
  const quotes = pins.quote === undefined ? usualQuotes(sample) : [pins.quote];
  return delimiters.flatMap((delimiter) =>
    quotes.flatMap((quote) =>
      (pins.escape === undefined ? escapes(sample, quote) : [pins.escape]).map((escape) => ({
        ...{ delimiter, quote, escape },
      })),
    ),
  );
}

/** Single quotes only where fields start and end with them and no double quote does. */
function usualQuotes(sample: Buffer): string[] {
  const text = sample.toString('latin1');
  const double = /(^|[,;\t|\n])"/.test(text);
  const single = /(^|[,;\t|\n])'[^'\n]*'([,;\t|\r\n]|$)/.test(text);
  return !double && single ? ["'", '"'] : ['"'];
}

/** Doubled quotes first: they win where both read the sample equally well. */
function escapes(sample: Buffer, quote: string): string[] {
  return quote !== '' && sample.includes(`\\${quote}`) ? [quote, '\\'] : [quote];
}

/** `\r` alone ends lines when there are more of it than of `\n`, which may stand in quoted fields. */
function lineEnd(sample: Buffer): Dialect['newline'] {
  const text = sample.toString('latin1');
  const returns = text.match(/\r(?![\r\n])/g)?.length ?? 0;
  const feeds = text.match(/\n/g)?.length ?? 0;
  return returns > feeds ? '\r' : '\n';
}

/** `#` lines at the very start of a file whose other lines do not start with it. */
function leadingComment(sample: Buffer): string | undefined {
  const lines = sample.toString('latin1').split(/\r\n|\n|\r/);
  if (!lines[0]?.startsWith('#')) return undefined;
  const after = lines.findIndex((line) => !line.startsWith('#'));
  const rest = lines.slice(after);
  return after > 0 && rest.length > 1 && !rest.some((line) => line.startsWith('#'))
    ? '#'
    : undefined;
}

function readSample(
  sample: Buffer,
  complete: boolean,
  dialect: Dialect,
  skipLines: number,
): Sampled[] {
  const records: Sampled[] = [];
  const scanner = new RecordScanner(
    dialect,
    'sample',
    ({ buffer, start, end, line, brokenQuote }) => {
      const text = buffer.toString('utf8', start, end);
      const isComment = dialect.comment !== undefined && text.startsWith(dialect.comment);
      if (end === start || isComment || line <= skipLines) return;
      records.push({ fields: brokenQuote ? [] : splitRecord(text, dialect), line });
    },
  );
  scanner.push(sample);
  // The last record of a part of a file is cut.
  if (complete) scanner.end();
  return records;
}

/** The share of records with the usual number of fields; more than one field is what makes a table. */
function scoreOf(
  records: readonly Sampled[],
  delimiter: string,
): { fields: number; score: number } {
  const counts = new Map<number, number>();
  for (const { fields } of records) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
  const [usual, times] = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [1, 0];
  const regular = times / Math.max(records.length, 1);
  if (usual <= 1) return { fields: usual, score: 0.1 * regular };
  if (!DOUBTFUL.has(delimiter)) return { fields: usual, score: regular };
  const isTable = regular === 1 && showsTable(records, delimiter);
  return { fields: usual, score: isTable ? DOUBTFUL_SCORE : 0 };
}

/** A column of numbers, and for `:` names above it: running text has no such column, times of day no names. */
function showsTable(records: readonly Sampled[], delimiter: string): boolean {
  const [head = [], ...rows] = records.map(({ fields }) => fields.map(({ text }) => text));
  const named = head.every((name) => !areNumbers([name]));
  return (
    head.some((_name, column) => areNumbers(rows.map((row) => row[column] ?? ''))) &&
    (delimiter !== ':' || named)
  );
}

/** Lines before the first record with the usual number of fields (or one name short of it). */
function preambleLength(records: readonly Sampled[], usual: number): number {
  if (usual <= 1) return 0;
  const first = records.findIndex(({ fields }) => fields.length >= usual - 1 && fields.length > 1);
  return first > 0 && first <= MAX_PREAMBLE_LINES ? first : 0;
}
