/** Finds delimiter, quote, escape, line end, preamble and header from the first records of a file. */
import type { DatasetEntry } from '../../config/datasets.js';
import type { Dialect } from './dialect.js';
import { splitRecord, type Field } from './fields.js';
import { areNumbers, hasHeader, isGuess } from './header.js';
import { lineEnd } from './line-end.js';
import { isCommentedHeader, leadingComments, linesOf, preambleRecords } from './preamble.js';
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
  /** What they say, as far as it is kept. */
  readonly skippedText: string;
  /** Records above the header, comments not among them, that are taken for titles. */
  readonly titles: number;
  /** True when nothing tells the first record from the others. */
  readonly headerGuessed: boolean;
  /** True when a quote behind blanks, which is part of its field, may have been meant to open one. */
  readonly blanksBeforeQuotes: boolean;
  /** What was considered, best first: recorded in the catalog. */
  readonly candidates: ReadonlyArray<{
    delimiter: string;
    quote: string;
    escape: string;
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
const MAX_PREAMBLE_TEXT = 4000;

/** `sample` is UTF-8 without a byte order mark; `complete` tells that it is the whole file. */
export function detectDialect(sample: Buffer, complete: boolean, pins: Pins = {}): DetectedDialect {
  const text = sample.toString('latin1');
  const { comment, skip_lines: pinnedSkip } = pins;
  const declared = pinnedSkip === undefined ? declaredDelimiter(text) : undefined;
  if (declared !== undefined)
    return detectDialect(sample, complete, { delimiter: declared, ...pins, skip_lines: 1 });
  const mayHaveComments = text.startsWith('#') && pinnedSkip === undefined && !comment;
  const scored = candidates(sample, pins)
    .map((marks) => {
      const newline = lineEnd(text, marks);
      const dialect: Dialect = { ...marks, newline, ...(comment && { comment }) };
      const comments = mayHaveComments ? leadingComments(linesOf(sample, newline)) : [];
      const records = readSample(sample, complete, dialect, pinnedSkip ?? comments.length);
      return { dialect, comments, records, ...scoreOf(records, marks.delimiter) };
    })
    .sort((a, b) => b.score - a.score || b.fields - a.fields);
  const { dialect, comments, records, fields: usual } = scored[0]!;

  const first = pinnedSkip === undefined ? preambleRecords(records.map(textsOf), usual) : 0;
  const names =
    first === 0 ? commentedNames(comments, dialect, records.map(textsOf), usual) : undefined;
  const body = names
    ? [{ fields: names, line: comments.length }, ...records]
    : records.slice(first);
  const header = pins.header ?? (names !== undefined || hasHeader(body.map(textsOf)));
  const fields = Math.max(usual, 1);
  const head = body[0] ? textsOf(body[0]) : [];
  const skippedLines = (body[0]?.line ?? 1) - 1;
  const fitted = header
    ? fitNames(head, body.length > 1 ? fields : head.length, body.slice(1))
    : [];
  return {
    dialect,
    fields: header && body.length <= 1 ? Math.max(head.length, 1) : header ? fitted.length : fields,
    header,
    names: header ? fitted : Array.from({ length: fields }, () => ''),
    skippedLines,
    skippedText: linesOf(sample, dialect.newline)
      .slice(0, skippedLines)
      .join('\n')
      .slice(0, MAX_PREAMBLE_TEXT),
    titles: first,
    headerGuessed: header && pins.header === undefined && !names && isGuess(body.map(textsOf)),
    blanksBeforeQuotes: records.some((record) => hasQuoteBehindBlanks(record, dialect)),
    candidates: scored.map(({ dialect: { delimiter, quote, escape }, fields: count, score }) => ({
      ...{ delimiter, quote, escape, fields: count },
      score: Math.round(score * 1000) / 1000,
    })),
  };
}

/** The fields of the last comment line where it names the columns: `#,Name,Type`. */
function commentedNames(
  comments: readonly string[],
  dialect: Dialect,
  records: ReadonlyArray<readonly string[]>,
  usual: number,
): readonly Field[] | undefined {
  const last = comments.at(-1);
  if (last === undefined || usual <= 1) return undefined;
  const fields = splitRecord(last, dialect);
  return fields.length === usual && isCommentedHeader(last, records) ? fields : undefined;
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
  const double = /(^|[,;\t|\r\n])"/.test(text);
  const single = /(^|[,;\t|\r\n])'([^'\n]|'')*'([,;\t|\r\n]|$)/.test(text);
  return !double && single ? ["'", '"'] : ['"'];
}

/** Doubled quotes first: they win where both read the sample equally well. */
function escapes(sample: Buffer, quote: string): string[] {
  return quote !== '' && sample.includes(`\\${quote}`) ? [quote, '\\'] : [quote];
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
    { fields: 0, afterLine: 0, rawLines: skipLines },
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
  const [head = [], ...rows] = records.map(textsOf);
  const named = head.every((name) => !areNumbers([name]));
  return (
    head.some((_name, column) => areNumbers(rows.map((row) => row[column] ?? ''))) &&
    (delimiter !== ':' || named)
  );
}

/** Excel's own way to say it, in the first line: `sep=;`. */
function declaredDelimiter(text: string): string | undefined {
  return /^sep=([^\w"\r\n]|\t)[\r\n]/i.exec(text)?.[1];
}

function hasQuoteBehindBlanks({ fields }: Sampled, { quote }: Dialect): boolean {
  return (
    quote !== '' &&
    fields.some(
      ({ text, quoted }) => !quoted && /^ +/.test(text) && text.trimStart().startsWith(quote),
    )
  );
}

function textsOf({ fields }: Sampled): string[] {
  return fields.map(({ text }) => text);
}
