/** Tries the dialects that a file may be written in, and scores how much of a table each makes of it. */
import { areNumbers, isNothing, isValue } from './cell-shapes.js';
import { WHITESPACE, type Dialect } from './dialect.js';
import { lineEnd } from './line-end.js';
import type { TextPins } from './pins.js';
import { sharedMarks } from './shared-marks.js';
import { readSample, type Sample, type SampleRecord } from './sample.js';

export interface Candidate {
  readonly dialect: Dialect;
  /** Without the comments above. */
  readonly records: readonly SampleRecord[];
  /** Fields of most records of the table. */
  readonly fields: number;
  /** Records that have them. */
  readonly regular: number;
  /** 0 to 1. */
  readonly score: number;
}

const SEPARATORS = [',', ';', '\t', '||', '|', '::', '\\|', '~', '^', '\x01', '\x1f', '§', '¦'];
/** Stands within numbers, names of files and addresses: never chosen, only told of. */
export const POINT = '.';
const DOUBTFUL_SCORE = 0.7;
const ONE_COLUMN_SCORE = 0.1;
/** Lines above and below a table, at most so many for each record of it. */
const AROUND_FOR_EACH = 2;
const MOST_AROUND = 50;
const LOOK_BYTES = 1 << 16;
const CLEAN_RECORDS = 200;

/** Found in plain text and times of day, too: it needs more than to be regular. */
export function isDoubtful({ delimiter }: Pick<Dialect, 'delimiter'>): boolean {
  return !SEPARATORS.includes(delimiter);
}

/** Best first. `commentLines` at the start are no records. */
export function candidatesFor(sample: Sample, pins: TextPins, commentLines: number): Candidate[] {
  const skipped = pins.skip_lines ?? commentLines;
  const delimiters = pins.delimiter === undefined ? presentDelimiters(sample) : [pins.delimiter];
  const tried = (marks: Omit<Dialect, 'newline'>): Candidate =>
    tryDialect(sample, { ...marks, newline: lineEnd(sample, marks) }, skipped, pins);
  const found = delimiters.flatMap((delimiter) => {
    const plain = quotesFor(sample, pins).map((quote) => tried(marksOf(delimiter, quote, pins)));
    const others = plain.flatMap(({ dialect }) => variants(sample, dialect, pins, plain));
    const read = others
      .map(tried)
      .filter((one) => !plain.some((other) => readsTheSame(one, other)));
    // Blanks beside quotes are nobody's text where leaving them out reads as well.
    return [
      ...read.filter(({ dialect }) => dialect.blanksBesideQuotes),
      ...plain,
      ...read.filter(({ dialect }) => !dialect.blanksBesideQuotes),
    ];
  });
  // Equal ones stay in the order in which they were tried: the plainest first.
  return found.sort((a, b) => b.score - a.score);
}

function readsTheSame(one: Candidate, other: Candidate): boolean {
  return (
    one.records.length === other.records.length &&
    one.records.every(({ fields, isBroken }, at) => {
      const beside = other.records[at]!;
      return fields === beside.fields && isBroken === beside.isBroken;
    }) &&
    haveSameTexts(one, other)
  );
}

/** Of as many records of the same delimiter. Where no mark of either stands in one, there is nothing to be split. */
export function haveSameTexts(one: Candidate, other: Candidate): boolean {
  const marks = [one, other]
    .flatMap(({ dialect: { quote, escape } }) => [quote, escape])
    .filter((mark) => mark !== '');
  return one.records.every((record, at) => {
    const beside = other.records[at]!;
    const isPlain = record.raw === beside.raw && !marks.some((mark) => record.raw.includes(mark));
    return isPlain || record.texts.join('\0') === beside.texts.join('\0');
  });
}

function marksOf(delimiter: string, quote: string, pins: TextPins): Omit<Dialect, 'newline'> {
  const escape = pins.escape ?? quote;
  return {
    ...{ delimiter, quote, escape },
    ...(pins.comment !== undefined && { comment: pins.comment }),
    ...(pins.trim && { trim: true, blanksBesideQuotes: true }),
    ...(escape !== quote && pins.escape !== undefined && { escapesOutside: true }),
  };
}

function presentDelimiters({ bytes }: Sample): string[] {
  const text = bytes.subarray(0, LOOK_BYTES).toString('utf8');
  const isPresent = (delimiter: string): boolean => {
    // Two in a row may be one after an empty field.
    const isDoubled = delimiter === '||' && text.replaceAll('||', '').includes('|');
    return text.includes(delimiter) && !isDoubled;
  };
  const present = [...SEPARATORS, ':'].filter(isPresent);
  if (/\S[ \t]{2,}\S/.test(text)) present.push(WHITESPACE);
  if (text.includes(' ')) present.push(' ');
  present.push(...sharedMarks(text).filter((mark) => !present.includes(mark)));
  // One column, if nothing separates.
  return present.includes(',') ? present : [...present, ','];
}

const DOUBLE = /(^|[,;\t|:~^\r\n])"/;
const SINGLE = /(^|[,;\t|:~^ \r\n])'[^'\n]*(''[^'\n]*)*'([,;\t|:~^ \r\n]|$)/;
/** Whatever stands between two of them at the start of a line. */
const SINGLE_BESIDE_ANY = /^'[^'\n]*'[^\w\s'"]{1,4}'/m;
const SINGLE_OF_LINES = /(^|[,;\t|:~^\r\n])'[^']*(''[^']*)*'([,;\t|:~^\r\n]|$)/;

/** Single quotes only where fields start and end with them and no double quote does; across lines they may be apostrophes. */
function quotesFor({ bytes }: Sample, pins: TextPins): string[] {
  if (pins.quote !== undefined) return [pins.quote];
  const text = bytes.toString('latin1');
  if (DOUBLE.test(text) || !text.includes("'")) return ['"'];
  if (SINGLE.test(text) || SINGLE_BESIDE_ANY.test(text)) return ["'", '"'];
  return SINGLE_OF_LINES.test(text) ? ['"', "'"] : ['"'];
}

/** Other readings of the quotes and escapes of a dialect, where something in the file suggests them. */
function variants(
  { bytes }: Sample,
  dialect: Dialect,
  pins: TextPins,
  plain: readonly Candidate[],
): Array<Omit<Dialect, 'newline'>> {
  const { delimiter, quote, newline: _newline, ...rest } = dialect;
  const marks = { ...rest, delimiter, quote };
  const found: Array<Omit<Dialect, 'newline'>> = [];
  const text = bytes.toString('latin1');
  if (quote !== '' && pins.escape === undefined) {
    if (text.includes(`\\${quote}`)) found.push({ ...marks, escape: '\\' });
    if (delimiter !== '\\|' && text.includes(`\\${delimiter}`))
      found.push({ ...marks, escape: '\\', escapesOutside: true });
  }
  if (quote === '' || pins.quote !== undefined) return found;
  const separator = delimiter.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  if (
    delimiter !== WHITESPACE &&
    new RegExp(`${separator}[ \t]+${quote}|${quote}[ \t]+(${separator}|\r|\n)`).test(text)
  )
    found.push(...[marks, ...found].map((one) => ({ ...one, blanksBesideQuotes: true })));
  if (plain.every(({ records, regular }) => regular === records.length)) return found;
  // In files of tabs and pipes a quote is mostly a character like any other.
  if (delimiter !== ',' && delimiter !== ';' && text.includes(quote))
    found.push({ ...marks, quote: '', escape: '' });
  return found;
}

function tryDialect(
  sample: Sample,
  dialect: Dialect,
  skipped: number,
  { delimiter }: TextPins,
): Candidate {
  const needsMore = delimiter === undefined && isDoubtful(dialect);
  const records = readSample(sample, dialect, skipped).filter(({ line }) => line > skipped);
  return { dialect, records, ...scoreOf(records, dialect.delimiter, needsMore) };
}

/** The share of regular records between what stands above and below them, and how clean their cells are. */
function scoreOf(
  records: readonly SampleRecord[],
  delimiter: string,
  needsMore: boolean,
): Pick<Candidate, 'fields' | 'regular' | 'score'> {
  const counts = new Map<number, number>();
  for (const record of records) counts.set(record.fields, (counts.get(record.fields) ?? 0) + 1);
  const single = counts.get(1) ?? 0;
  let best = {
    fields: 1,
    regular: single,
    score: (ONE_COLUMN_SCORE * single) / Math.max(records.length, 1),
  };
  for (const [fields, regular] of counts) {
    if (fields < 2) continue;
    const around = linesAround(records, fields, regular);
    const share = regular / (records.length - around);
    if (single - around > regular) continue;
    const score = share * (regular / records.length) ** 0.25;
    const isBetter = score > best.score || (score === best.score && fields > best.fields);
    if (isBetter) best = { fields, regular, score };
  }
  if (best.fields < 2) return best;
  const rows = records.filter((record) => record.fields === best.fields);
  if (needsMore) {
    const isTable =
      delimiter !== POINT && best.regular === records.length && showsTable(rows, delimiter);
    return { ...best, score: isTable ? DOUBTFUL_SCORE : 0 };
  }
  return { ...best, score: best.score * (0.5 + cleanness(rows, delimiter) / 2) };
}

/** Lines without a delimiter, before the first regular record and behind the last, as far as they are plausible. */
function linesAround(records: readonly SampleRecord[], fields: number, regular: number): number {
  const isRegular = (record: SampleRecord): boolean => record.fields === fields;
  const first = records.findIndex(isRegular);
  const last = records.findLastIndex(isRegular);
  const outside = [...records.slice(0, first), ...records.slice(last + 1)];
  const around = outside.filter((record) => record.fields === 1).length;
  return regular > 1 ? Math.min(around, MOST_AROUND, AROUND_FOR_EACH * regular) : 0;
}

/** Share of the cells that hold no mark which could separate in its turn; quoted ones say so on purpose. */
function cleanness(rows: readonly SampleRecord[], delimiter: string): number {
  const looked = rows.slice(0, CLEAN_RECORDS);
  const others = [',', ';', '\t', '|'].filter((other) => !delimiter.includes(other));
  let cells = 0;
  let clean = 0;
  for (const { texts, quoted } of looked) {
    cells += texts.length;
    const marked = texts.filter(
      (text) => !isValue(text) && others.some((other) => text.includes(other)),
    ).length;
    clean += texts.length - Math.max(marked - quoted, 0);
  }
  return cells === 0 ? 1 : clean / cells;
}

/** A column of numbers, and names above it but for blanks: running text has no such column, times of day no names. */
function showsTable(rows: readonly SampleRecord[], delimiter: string): boolean {
  const [head = [], ...rest] = rows.map(({ texts }) => texts);
  if (delimiter === WHITESPACE && (rows.length < 2 || head.length < 2)) return false;
  const named = head.every((name) => !isValue(name) && !isNothing(name));
  return (
    head.some((_name, column) => areNumbers(rest.map((row) => row[column] ?? ''))) &&
    (delimiter === ' ' || delimiter === WHITESPACE || named)
  );
}
