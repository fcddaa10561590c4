/** Finds what speaks against the delimiter that was chosen: another reading of the records that is as good a table. */
import { isDoubtful, POINT, type Candidate } from './candidates.js';
import { isNothing, isTyped, isValue, truthsOf } from './cell-shapes.js';
import { WHITESPACE } from './dialect.js';
import { areAligned } from './fixed-width.js';
import { findHeader } from './header.js';
import type { SampleRecord } from './sample.js';
import { areDecimals, areThousands } from './split-numbers.js';

export interface Doubt {
  /** The other reading; without it, one column. */
  readonly other?: Candidate;
  readonly because: string;
}

/** Scores nearer to each other than this do not decide; three times as far apart they leave little doubt. */
export const DOUBT = 0.1;
const USUAL = [',', ';', '\t', '|'];
/** Fewer records show no columns. */
const FEW_RECORDS = 3;
/** Where nothing else tells, one with a mark is one in five of these. */
const FEW_LINES = 5;
const LOOKED_RECORDS = 200;
/** Shares of cells nearer to each other than this do not decide. */
const WHOLE_DOUBT = 0.02;
const MOST = 0.75;

/** The best candidate with another delimiter that makes several fields. */
export function rival(best: Candidate, candidates: readonly Candidate[]): Candidate | undefined {
  return candidates.find((one) => isOther(one, best) && one.score > 0);
}

export function delimiterDoubt(
  best: Candidate,
  candidates: readonly Candidate[],
): Doubt | undefined {
  return best.fields === 1
    ? ofOneColumn(best, candidates)
    : ofSeveral(
        best,
        candidates.filter((one) => isOther(one, best) && !isDecimal(one) && !isWithinValues(one)),
      );
}

function isOther(one: Candidate, best: Candidate): boolean {
  return one.dialect.delimiter !== best.dialect.delimiter && one.fields > 1;
}

function ofSeveral(best: Candidate, others: readonly Candidate[]): Doubt | undefined {
  const near = others.find(({ score }) => score > 0 && best.score - score <= DOUBT);
  if (near) return { other: near, because: 'another delimiter reads nearly as well' };
  if (best.regular < best.records.length) {
    const regular = others.find(dividesAll);
    if (regular) return { other: regular, because: 'another delimiter divides every record' };
  }
  const beside = others.find((one) => !isDoubtful(one.dialect) && dividesEach(one));
  if (beside && best.records.length <= FEW_RECORDS)
    return { other: beside, because: 'another delimiter stands in each of the few records' };
  if (areThousands(best))
    return { because: 'two columns look like one number whose thousands are set apart' };
  if (areDecimals(best)) return { because: 'two columns look like one number with decimals' };
  const better = others.find((one) => {
    const [own, whole] = [wholeness(one), wholeness(best, one.dialect.delimiter)];
    const dividesHalf = isBlank(one)
      ? dividesAll(one)
      : one.regular >= one.records.length / 2 || dividesEach(one);
    return (
      (dividesAll(one) && spans(one, best) && own >= whole) ||
      (dividesEach(one) && joinsValues(one, best) && own >= whole) ||
      (dividesHalf && own > whole + WHOLE_DOUBT)
    );
  });
  return (
    better && { other: better, because: 'with another delimiter as many cells are of one piece' }
  );
}

/** A text of one column is seldom divided alike in record after record. */
function ofOneColumn({ records }: Candidate, candidates: readonly Candidate[]): Doubt | undefined {
  const others = candidates.filter(
    (one) => one.fields > 1 && !endsSentences(one) && !isWithinValues(one),
  );
  const [first, ...rest] = records;
  const areValues = rest.length > 0 && isTyped(rest.map(({ raw }) => raw));
  const point = candidates.find(({ dialect }) => dialect.delimiter === POINT);
  if (point && records.some(({ raw }) => /^0\d+\.\d/.test(raw)))
    return { other: point, because: 'zeros lead what looks like numbers with decimals' };
  if (areAligned(records.map(({ raw }) => raw)))
    return { because: 'columns stand below each other, with blanks between them' };
  if (areDividedWithin(records))
    return { because: 'its cells are divided alike, within their quotes' };
  if (areValues && (isValue(first!.raw) || !others.some(dividesAll))) return undefined;
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
      (!isDoubtful(one.dialect) || records.length <= (isBlank(one) ? FEW_RECORDS : FEW_LINES)),
  );
  if (above) return { other: above, because: 'another delimiter divides the first one' };
  const few = candidates.find(
    (one) =>
      ['\t', '|', ';'].includes(one.dialect.delimiter) &&
      one.records.some(({ fields }) => fields > 1),
  );
  return few && records.length <= FEW_LINES
    ? { other: few, because: 'another delimiter divides one of the few' }
    : undefined;
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

/** A point within numbers, unless each record has one beside a word. */
function isDecimal(one: Candidate): boolean {
  if (one.dialect.delimiter !== POINT) return false;
  return !dividesAll(one) || !one.records.every(({ raw }) => /\D\.|\.\D/.test(raw));
}

/** As a full stop: none in the header, or nothing stands behind it. */
function endsSentences({ dialect, records, fields }: Candidate): boolean {
  if (dialect.delimiter !== POINT) return false;
  const rows = records.filter((record) => record.fields === fields);
  return records[0]!.fields === 1 || rows.every(({ texts }) => texts.at(-1)!.trim() === '');
}

/** A mark that nobody separates with, below a name that has none, and above it no titles: a part of codes. */
function isWithinValues({ dialect, records, fields }: Candidate): boolean {
  const { delimiter } = dialect;
  if (!isDoubtful(dialect) || [':', ' ', WHITESPACE, POINT].includes(delimiter)) return false;
  if (records.length <= FEW_LINES || records[0]!.fields > 1) return false;
  const below = records.slice(records.findIndex((one) => one.fields === fields));
  const { isHeader, certainty } = findHeader(below);
  return !isHeader || certainty === 'guess';
}

function dividesEach({ records }: Candidate): boolean {
  return records.every((record) => record.fields > 1);
}

function dividesAll({ regular, records }: Candidate): boolean {
  return records.length > 1 && regular === records.length;
}

function dividesHeader({ records, fields }: Pick<Candidate, 'records' | 'fields'>): boolean {
  return records[0]!.fields === fields;
}

function dividesMost({ regular, records }: Candidate): boolean {
  return regular > 1 && regular > records.length / 2;
}

/** Stands between words, too, and whatever it divides is of one piece. */
function isBlank({ dialect }: Candidate): boolean {
  return dialect.delimiter === ' ' || dialect.delimiter === WHITESPACE;
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

/** The chosen delimiter stands within cells of the other reading. */
function spans({ records }: Candidate, { dialect }: Candidate): boolean {
  const { delimiter } = dialect;
  return records.some(({ texts }) => texts.some((text) => text.slice(1, -1).includes(delimiter)));
}

/** The chosen delimiter stands within numbers of the other reading. */
function joinsValues({ records }: Candidate, { dialect }: Candidate): boolean {
  return records.every(({ texts }) =>
    texts.some((text) => isValue(text) && text.slice(1, -1).includes(dialect.delimiter)),
  );
}

/**
 * The share of cells that nothing divides any further: values, words, and less so words with blanks between them.
 * `mark` is one that may divide, too.
 */
function wholeness({ records }: Candidate, mark?: string): number {
  const looked = records.slice(0, LOOKED_RECORDS);
  const broken = looked.reduce((sum, record) => sum + brokenIn(record, mark), 0);
  const cells = looked.reduce((sum, { fields }) => sum + fields, 0);
  return 1 - broken / Math.max(cells, 1);
}

/** Quoted cells say so on purpose. */
function brokenIn({ texts, quoted }: SampleRecord, mark: string | undefined): number {
  const isDivided = (text: string): boolean =>
    mark !== undefined && mark.trim() !== '' && text.includes(mark) && !isValue(text);
  const broken = texts.reduce(
    (sum, text) => sum + (isDivided(text) ? 1 : 1 - wholenessOf(text)),
    0,
  );
  return Math.max(broken - quoted, 0);
}

function wholenessOf(text: string): number {
  if (isNothing(text) || isValue(text) || /^\w+:\/\/\S+$|^[^\s,;|:^~]+$/.test(text)) return 1;
  return /^[^,;|:^~\t]+$/.test(text) ? 0.9 : 0;
}
