/** Weighs whether the first record of a file names its columns. */
import type { Certainty } from '../decision.js';
import {
  isDay,
  isMarked,
  isNothing,
  isNumber,
  isTruth,
  isTyped,
  isValue,
  most,
  truthsOf,
} from './cell-shapes.js';
import { aboutCorner, columnOf, hasCorner } from './corner.js';
import { opensNote } from './footer.js';
import { anotherShape } from './name-shape.js';
import { seriesOf } from './series.js';
import { isUsualName, looksLikeIdentifier } from './usual-names.js';

export interface HeaderFinding {
  readonly isHeader: boolean;
  readonly certainty: Exclude<Certainty, 'pinned'>;
  /** What spoke loudest, in words. */
  readonly evidence: string;
  /** In nats, for a header. */
  readonly score: number;
}

export interface Vote {
  readonly weight: number;
  readonly because: string;
}

export type Rows = ReadonlyArray<readonly string[]>;
export type Records = ReadonlyArray<{ readonly texts: readonly string[] }>;

const SAMPLE_ROWS = 300;
/** Nearly all published files have a header. */
const PRIOR = 0.5;
const SURE = 4;
const LIKELY = 2.5;
/** Of a column alone, whose name is no usual one: there is no other that it could agree with. */
const LIKELY_ALONE = 3.5;
const LONG_NAME = 60;
/** `# of items` and `% change` are names. */
const COMMENT = /^(!|\*|;|\/\/|\/\*|--)\s*\S+\s/;
/** So many times less than other values do: a name that returns, more than a value. */
const RARELY = 3;
/** Of values that return, or not: one column of words alone settles nothing. */
const MOST_OF_WORDS = 1.9;
/** From here on a column has enough values to have a shape of its own. */
const FEW_VALUES = 8;

interface Kind {
  readonly one: string;
  readonly all: string;
  readonly is: (text: string) => boolean;
  /** In nats, for a header: of a name above them. */
  readonly named: number;
  /** Against one: of one more of them above the others. */
  readonly value: number;
}

const TRUTHS = { one: 'true or false', all: 'true and false', named: 2, value: 3 };
/** What columns hold and none is called. */
const KINDS: readonly Kind[] = [
  { one: 'a number', all: 'numbers', is: isNumber, named: 3, value: 3 },
  { one: 'a day', all: 'days', is: isDay, named: 3, value: 4 },
  { one: 'an address or a code', all: 'addresses and codes', is: isMarked, named: 3, value: 4 },
];

/** The first record against those below it. A record alone is a header when it is made of names. */
export function findHeader(records: Records): HeaderFinding {
  const [head = [], ...rest] = records.slice(0, SAMPLE_ROWS).map(({ texts }) => texts);
  if (head.every((name) => name.trim() === ''))
    return { isHeader: false, certainty: 'guess', evidence: 'the first record is empty', score: 0 };
  const series = seriesOf(head, rest);
  const votes = [
    ...aboutAll(head, rest),
    ...(series ? [series] : []),
    ...aboutCorner(head, rest, series !== undefined),
    ...head.flatMap((name, at) => aboutColumn(name, at, rest, series !== undefined)),
  ];
  const score = votes.reduce((sum, { weight }) => sum + weight, PRIOR);
  const against = votes.reduce(
    (sum, { weight }) => sum + (weight * score < 0 ? Math.abs(weight) : 0),
    0,
  );
  const isHeader = score > 0;
  const loudest = votes
    .filter(({ weight }) => weight > 0 === isHeader)
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))[0];
  const strength = Math.abs(score);
  // Values above words could be odd names.
  const isWeak = !isHeader && !votes.some(({ weight }) => weight <= -2);
  // A record alone may be anything; but values are no header, and usual names no record, unless they open a note.
  const isPlain =
    head.every(isValue) || (head.length > 1 && head.every(isUsualName) && !opensNote(head[0]!));
  const isOdd =
    (rest.length === 0 && !isPlain) ||
    (isHeader ? isOddHeader(head, rest, series) || COMMENT.test(head[0]!) : hasCorner(head, rest));
  return {
    isHeader,
    certainty:
      isOdd || isWeak || strength < leastFor(isHeader, head) || against > strength + LIKELY
        ? 'guess'
        : strength < SURE || against > LIKELY || rest.length === 0
          ? 'likely'
          : 'sure',
    evidence: loudest?.because ?? 'nothing tells the header from a record',
    score,
  };
}

/** Whatever else speaks for it: its names are no names, or nothing below shows that they are some. */
function isOddHeader(head: readonly string[], rest: Rows, series: Vote | undefined): boolean {
  const names = head.filter((name) => name.trim() !== '');
  const areAlike = names.length > 1 && new Set(names).size === 1;
  if (areAlike || names.filter(isNoName).length * 2 >= names.length) return true;
  // Beside a value that stands above others like it, any name may be one more value; where names are codes, most are.
  const values = head.filter((name, at) => isValue(name) && isTyped(columnOf(rest, at)));
  const areFew = head.filter(isValue).length * 2 <= head.length;
  if (!series && (values.length > 0 || (areFew && head.some(isValue)))) return true;
  if (rest.length > 1) return false;
  return head.some(isValue) || (head.length === 1 && !isTyped(rest[0]!));
}

/** A word for nothing, or marks alone. */
function isNoName(name: string): boolean {
  return isNothing(name) || !/[\p{L}\p{N}]/u.test(name);
}

/** In nats: with less it is a guess. */
function leastFor(isHeader: boolean, [name, ...others]: readonly string[]): number {
  return isHeader && others.length === 0 && !isUsualName(name!) ? LIKELY_ALONE : LIKELY;
}

/** What speaks for a header without looking below it, and against. */
function* aboutAll(head: readonly string[], rest: Rows): Generator<Vote> {
  const names = head.map((name) => name.trim()).filter((name) => name !== '');
  if (new Set(names).size < names.length)
    yield { weight: -0.7, because: 'a value stands twice in the first record' };
  const usual = head.filter(
    (name, at) => isUsualName(name) && !isNo(name, columnOf(rest, at)),
  ).length;
  if (usual > 0)
    yield {
      weight: Math.min(1 + (2 * usual) / names.length, 1 + usual),
      because: `${usual} of ${names.length} are usual names of columns`,
    };
  // Colours and codes are spelled so, too: then the values below are.
  const identifiers = head.filter(
    (name, at) =>
      looksLikeIdentifier(name) && !rest.some((row) => looksLikeIdentifier(row[at] ?? '')),
  ).length;
  if (identifiers > names.length / 2)
    yield {
      weight: 1.5,
      because: `${identifiers} of ${names.length} are spelled like identifiers`,
    };
  if (names.some((name) => name.length > LONG_NAME))
    yield { weight: -0.7, because: 'a text of the first record is long' };
  if (names.some((name) => /@\w+\.|^https?:|^\/\w+\//.test(name)))
    yield { weight: -2, because: 'an address stands in the first record' };
}

/** `no` is a usual name, of numbers. */
function isNo(name: string, below: readonly string[]): boolean {
  return isTruth(name) && (below.every(isTruth) || truthsOf(below) !== undefined);
}

function aboutColumn(
  name: string,
  column: number,
  rest: Rows,
  hasSeries: boolean,
): readonly Vote[] {
  const below = columnOf(rest, column);
  const own = name.trim();
  if (own === '' || (hasSeries && isNumber(own))) return [];
  if (below.length === 0)
    return isValue(own)
      ? [{ weight: -2, because: `the first record holds a value in column ${column + 1}` }]
      : [];
  // Where values are missing, their first may be, too; no column of words is called so.
  if (isNothing(own) && (below.includes(own) || !isTyped(below)))
    return [{ weight: -2, because: `a word for nothing in column ${column + 1}` }];
  const truths = truthsOf(below);
  const kind = truths
    ? { ...TRUTHS, is: (text: string) => truths.test(text) }
    : KINDS.find(({ is }) => most(below, is));
  if (kind) return aboveKind(own, column, kind);
  return [...aboveWords(own, column, below)];
}

function aboveKind(name: string, column: number, { one, all, is, named, value }: Kind): Vote[] {
  if (is(name)) return [{ weight: -value, because: `${one} above ${all} in column ${column + 1}` }];
  // A number above days may be a day of another spelling.
  if (isNothing(name) || (is === isDay && isNumber(name))) return [];
  return [{ weight: named, because: `a name above ${all} in column ${column + 1}` }];
}

function* aboveWords(name: string, column: number, below: readonly string[]): Generator<Vote> {
  const where = `column ${column + 1}`;
  const times = new Map<string, number>();
  for (const text of below) times.set(text, (times.get(text) ?? 0) + 1);
  const once = [...times.values()].filter((count) => count === 1).length;
  if (isValue(name)) yield { weight: -1, because: `a value above the words of ${where}` };
  if (times.has(name)) {
    // A dictionary of the columns names itself: a value that returns is only something where values do return.
    const repeats =
      times.size <= below.length / 2 && times.get(name)! >= below.length / times.size / RARELY;
    if (!isUsualName(name))
      yield {
        weight: repeats ? -Math.min(MOST_OF_WORDS, 0.5 + below.length / 10) : -0.5,
        because: `the first value of ${where} returns`,
      };
    return;
  }
  if (below.length < FEW_VALUES) return;
  // Were it a value, it would most likely return as the others do.
  const surprise = Math.log((below.length + 2) / (once + 1));
  if (surprise > 0.7)
    yield {
      weight: Math.min(surprise, MOST_OF_WORDS),
      because: `the values of ${where} return, its name does not`,
    };
  yield* anotherShape(name, where, below);
}
