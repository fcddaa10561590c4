/** Finds what speaks against the delimiter that was chosen: another reading of the records that is as good a table. */
import { isDoubtful, POINT, type Candidate } from './candidates.js';
import { isNothing, isValue } from './cell-shapes.js';
import { WHITESPACE } from './dialect.js';
import { dividesAll, dividesEach, FEW_LINES, isBlank, isWithinValues } from './divides.js';
import { ofOneColumn } from './one-column-doubt.js';
import type { SampleRecord } from './sample.js';
import { areDecimals, areThousands } from './split-numbers.js';

export interface Doubt {
  /** The other reading; without it, one column. */
  readonly other?: Candidate;
  readonly because: string;
}

/** Scores nearer to each other than this do not decide; three times as far apart they leave little doubt. */
export const DOUBT = 0.1;
/** Fewer records show no columns. */
const FEW_RECORDS = 3;
const LOOKED_RECORDS = 200;
/** Shares of cells nearer to each other than this do not decide. */
const WHOLE_DOUBT = 0.02;

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
        candidates.filter(
          (one) =>
            isOther(one, best) &&
            !isDecimal(one) &&
            !isWithinValues(one) &&
            !areEmptyCells(one, best) &&
            !(isTabbed(best) && isMark(one)),
        ),
      );
}

function isOther(one: Candidate, best: Candidate): boolean {
  return one.dialect.delimiter !== best.dialect.delimiter && one.fields > 1;
}

function ofSeveral(best: Candidate, others: readonly Candidate[]): Doubt | undefined {
  const near = others.find(
    (one) => one.score > 0 && best.score - one.score <= DOUBT && !isBelowNames(one, best),
  );
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

/** Its marks stand in each cell of a column: the names that the best one divides as it does the rows have none. */
function isBelowNames(one: Candidate, best: Candidate): boolean {
  return best.records.length > FEW_LINES && dividesAll(best) && one.records[0]!.fields === 1;
}

/** `||` where `|` divides, with nothing between: a delimiter of its own never has single ones beside it. */
function areEmptyCells({ dialect, records }: Candidate, best: Candidate): boolean {
  const single = best.dialect.delimiter;
  if (dialect.delimiter !== single.repeat(dialect.delimiter.length) || !dividesAll(best))
    return false;
  return records.every(({ texts }) => texts.some((text) => text.includes(single)));
}

/** No text has as many tabs in each record: marks that are as regular there belong to addresses, names of files, codes. */
function isTabbed(best: Candidate): boolean {
  return best.dialect.delimiter === '\t' && best.fields > 2 && dividesAll(best);
}

function isMark({ dialect }: Candidate): boolean {
  return isDoubtful(dialect) && !/\s/.test(dialect.delimiter) && dialect.delimiter !== WHITESPACE;
}

/** A point within numbers, unless each record has one beside a word. */
function isDecimal(one: Candidate): boolean {
  if (one.dialect.delimiter !== POINT) return false;
  return !dividesAll(one) || !one.records.every(({ raw }) => /\D\.|\.\D/.test(raw));
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
