/** Finds what speaks for delimiters in a file that is read as one column. */
import { isDoubtful, POINT, type Candidate } from './candidates.js';
import { isTyped, isValue, truthsOf } from './cell-shapes.js';
import type { Doubt } from './delimiter-doubt.js';
import {
  dividesAll,
  dividesEach,
  dividesHeader,
  dividesMost,
  FEW_LINES,
  isBlank,
  isWithinValues,
} from './divides.js';
import { areAligned } from './fixed-width/aligned.js';
import type { SampleRecord } from './sample.js';

const USUAL = [',', ';', '\t', '|'];
/** Of blanks, which stand between words, too. */
const FEW_RECORDS = 3;
const MOST = 0.75;
const LOOKED_RECORDS = 1000;

/** A text of one column is seldom divided alike in record after record. */
export function ofOneColumn(
  { records }: Candidate,
  candidates: readonly Candidate[],
): Doubt | undefined {
  return (
    ofLines(records) ??
    ofOthers(records, candidates) ??
    (/\S {2,}\S/.test(records[0]!.raw)
      ? { because: 'several blanks stand side by side in the first one' }
      : undefined)
  );
}

/** What the lines themselves show, whatever would divide them. */
function ofLines(records: readonly SampleRecord[]): Doubt | undefined {
  if (areAligned(records.map(({ raw }) => raw)))
    return { because: 'columns stand below each other, with blanks between them' };
  if (areDividedWithin(records))
    return { because: 'its cells are divided alike, within their quotes' };
  if (standsBesideQuotes(records))
    return { because: 'a mark stands beside quotes, as delimiters do' };
  return undefined;
}

/** Candidates that divide them as a table is divided. */
function ofOthers(
  records: readonly SampleRecord[],
  candidates: readonly Candidate[],
): Doubt | undefined {
  const others = candidates.filter(
    (one) => one.fields > 1 && !endsSentences(one) && !isWithinValues(one),
  );
  const [first, ...rest] = records;
  const areValues = rest.length > 0 && isTyped(rest.map(({ raw }) => raw));
  const point = candidates.find(({ dialect }) => dialect.delimiter === POINT);
  if (point && records.some(({ raw }) => /^0\d+\.\d/.test(raw)))
    return { other: point, because: 'zeros lead what looks like numbers with decimals' };
  const dividesNames = (one: Candidate): boolean => dividesMost(one) && dividesHeader(one);
  const divides = (one: Candidate): boolean => dividesAll(one) || dividesNames(one);
  const beside = candidates.find(dividesMissing);
  if (beside) return { other: beside, because: 'a mark begins some lines and ends others' };
  if (areValues && (isValue(first!.raw) || !others.some(divides))) return undefined;
  const other = others.find(
    (one) =>
      dividesAll(one) ||
      (dividesMost(one) &&
        (one.score > 0 ||
          !isBlank(one) ||
          (one.regular >= MOST * one.records.length && (one.fields > 2 || dividesHeader(one))) ||
          hasTypedColumn(one) ||
          areMostlyQuoted(one))),
  );
  if (other) return { other, because: 'another delimiter divides most of them alike' };
  const above = candidates.find(
    (one) =>
      one.records[0]!.fields > 1 &&
      (!isDoubtful(one.dialect) ||
        dividesAlike(one) ||
        records.length <= (isBlank(one) && !dividesEach(one) ? FEW_RECORDS : FEW_LINES)),
  );
  if (above) return { other: above, because: 'another delimiter divides the first one' };
  const few = candidates.find(
    (one) =>
      dividesPair(one) ||
      (['\t', '|', ';'].includes(one.dialect.delimiter) &&
        one.records.some(({ fields }) => fields > 1)),
  );
  return few && records.length <= FEW_LINES
    ? { other: few, because: 'another delimiter divides one of the few' }
    : undefined;
}

/** Three names and more, and a record of as many cells. */
function dividesAlike(one: Candidate): boolean {
  const [{ fields } = { fields: 1 }, ...rest] = one.records;
  return fields > 2 && !isBlank(one) && rest.some((record) => record.fields === fields);
}

/** Two records that follow each other, as names and the only row do below a title. */
function dividesPair(one: Candidate): boolean {
  return (
    !isBlank(one) &&
    one.records.some(({ fields }, at) => fields > 2 && fields === one.records[at + 1]?.fields)
  );
}

/** The marks of sentences do so in a text; the header, or most lines, have the others as well. */
function standsBesideQuotes(records: readonly SampleRecord[]): boolean {
  const lines = records.slice(0, LOOKED_RECORDS).map(({ raw }) => raw);
  const beside = lines.flatMap((line) =>
    [...line.matchAll(/["']([^\s\p{L}\p{N}"'.!?)\]…]+)|([^\s\p{L}\p{N}"'.([]+)["']/gu)].map(
      ([, behind, before]) => behind ?? before!,
    ),
  );
  return [...new Set(beside)].some(
    (mark) =>
      lines[0]!.includes(mark) ||
      lines.filter((line) => line.includes(mark)).length > lines.length / 2 ||
      lines.filter((line) => dividesQuoted(line, mark)).length >= lines.length / 2,
  );
}

/** Titles may stand above the few rows of such a table. */
function dividesQuoted(line: string, mark: string): boolean {
  return line.includes(`"${mark}"`) || line.includes(`'${mark}'`);
}

/** Whole lines that were quoted as one cell. */
function areDividedWithin(records: readonly SampleRecord[]): boolean {
  const times = (mark: string): Set<number> =>
    new Set(records.map(({ texts }) => (texts[0] ?? '').split(mark).length));
  return (
    records.length > 1 &&
    USUAL.some((mark) => {
      const [first = 1, ...others] = times(mark);
      return first > 1 && others.length === 0;
    })
  );
}

/** As a delimiter does beside missing cells. */
function dividesMissing(one: Candidate): boolean {
  const { delimiter } = one.dialect;
  return (
    dividesMost(one) &&
    delimiter.trim() !== '' &&
    one.records.some(({ raw }) => raw.startsWith(delimiter)) &&
    one.records.some(({ raw }) => raw.endsWith(delimiter))
  );
}

/** As a full stop: none in the header, or nothing stands behind it, and no quotes beside it. */
function endsSentences(one: Candidate): boolean {
  const { dialect, records, fields } = one;
  if (dialect.delimiter !== POINT || areMostlyQuoted(one)) return false;
  const rows = records.filter((record) => record.fields === fields);
  return records[0]!.fields === 1 || rows.every(({ texts }) => texts.at(-1)!.trim() === '');
}

/** Quotes enclose what stands between its delimiters: a text has them seldom, and not in line after line. */
function areMostlyQuoted({ records }: Candidate): boolean {
  return records.filter(({ quoted }) => quoted > 0).length > records.length / 2;
}

function hasTypedColumn({ records, fields }: Candidate): boolean {
  const [first] = records;
  const rows = records.filter((record) => record.fields === fields && record.raw !== first!.raw);
  return Array.from({ length: fields }).some((_x, column) => {
    const texts = rows.map((row) => row.texts[column]!);
    return isTyped(texts) || truthsOf(texts) !== undefined;
  });
}
