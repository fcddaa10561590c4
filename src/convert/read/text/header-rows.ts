/** Tells whether two records name the columns, one above the other, and joins their names. */
import { isNothing, isTyped, isValue, truthsOf } from './cell-shapes.js';
import { kindsOf } from './column-kinds.js';
import { haveOneCorner } from './corner.js';

const SAMPLE_ROWS = 300;
const FEWEST_VALUES = 2;
/** Of each value, in a column whose values are known. */
const FEWEST_RETURNS = 3;
const UNIT =
  /^(%|[([][^\s]{0,12}[)\]]|[kcm]?m|k?g|m?s|min|h|(°|deg ?)[CF]?|[hkm]?pa|m?bar|pp[mb]|[mk]?[vaw]|[km]?wh|[km]?hz|lux|EUR|USD|€|\$|[a-zµ%]{1,4}\/[a-z]{1,4}[23]?)$/i;
/** What tools write below the names, too. */
const KIND =
  /^(units?|text|string|str|char|varchar|int|integer|float|double|numeric|number|real|bool|boolean|date|datetime|timestamp|continuous|discrete|categorical|meta|class|kgs?|lbs?|l|ml|cm2|m2|m3|km2|pct|percent|counts?|n|no\.|#)$/i;

/**
 * `yes` when the second record, too, has words above columns that hold none, in all of them and at least two, and the
 * first has gaps or repeats what it says, as names that go over several columns do; and when it is a rule.
 * `perhaps` when less shows it.
 */
export function hasTwoHeaders(
  records: ReadonlyArray<{ readonly texts: readonly string[] }>,
): 'yes' | 'perhaps' | 'no' {
  const [first = [], second = [], ...rest] = records
    .slice(0, SAMPLE_ROWS)
    .map(({ texts }) => texts);
  if (first.length !== second.length) return 'no';
  const rules = rest.some((texts) => isRuled(texts, first));
  if (isRuled(second, first) && !isRuled(first, first) && !rules) return 'yes';
  if (rest.length === 0) return 'no';
  if (haveOneCorner([first, second, ...rest]) || areCodes(second, rest)) return 'perhaps';
  if (first.some(isValue) || second.some(isValue)) return 'no';
  if (standsLower(rest) || areQuestions(first, second, rest)) return 'perhaps';
  const columns = second.map((_name, at) => rest.map((row) => row[at] ?? ''));
  const numeric = columns.filter(isTyped).length;
  // Of names of rows, the first column has none.
  const typed = second.filter(
    (name, at) => holdsValues(columns[at]!) && (at > 0 || name.trim() !== ''),
  );
  const isTruth = second.some((name, at) => truthsOf(columns[at]!)?.test(name.trim()));
  if (isTruth) return 'no';
  const isBelowNames = areUnits(second, columns);
  if (typed.some(isNothing)) return isBelowNames ? 'perhaps' : 'no';
  const isCorner = second[0]!.trim() === '' && columns[0]!.every((text) => text.trim() !== '');
  if (isCorner && first[0]!.trim() !== '' && (rest.length >= FEWEST_VALUES || typed.length > 0))
    return 'perhaps';
  const hasGaps = first.some((name, at) => at > 0 && name.trim() === '');
  const isFull = second.every((name) => name.trim() !== '');
  if (typed.length === 0) {
    const areNew = second.every((name, at) => isNewTo(name, columns[at]!));
    return (hasGaps && isFull) || isBelowNames || areNew ? 'perhaps' : 'no';
  }
  const isGrouped = hasGaps || new Set(first).size < first.length;
  const isUnits = second.every(
    (name) => name.trim() === '' || /^[([]?[^\s]{1,12}[)\]]?$/.test(name),
  );
  if (numeric > 1 && rest.length >= FEWEST_VALUES && (isGrouped || isUnits)) return 'yes';
  return isGrouped || isFull || isBelowNames ? 'perhaps' : 'no';
}

/** `Q1,Q2,Q3`: what counts the columns is no row of them, unless others are such, too. */
function areCodes(texts: readonly string[], rest: ReadonlyArray<readonly string[]>): boolean {
  return texts.length > 1 && doCount(texts) && !rest.some(doCount);
}

/** The same letters, and numbers that follow each other. */
function doCount(texts: readonly string[]): boolean {
  const [, letters, first] = /^([\p{L}_]+)(\d+)$/u.exec(texts[0]?.trim() ?? '') ?? [];
  return (
    letters !== undefined &&
    texts.every((text, at) => text.trim() === `${letters}${Number(first) + at}`)
  );
}

/** A third record of words, or a fourth, above values alone. */
function standsLower(rest: ReadonlyArray<readonly string[]>): boolean {
  return [0, 1].some((at) => {
    const below = rest.slice(at + 1);
    return (
      below.length >= FEWEST_VALUES &&
      rest.slice(0, at + 1).every((row) => row.every((text) => !isValue(text))) &&
      rest[at]!.some(
        (text, column) => !isNothing(text) && below.every((row) => isValue(row[column] ?? '')),
      )
    );
  });
}

/** As no value of the column is: those return. */
function isNewTo(name: string, column: readonly string[]): boolean {
  const { times } = kindsOf(column);
  return times.size * FEWEST_RETURNS <= column.length && !times.has(name.trim());
}

/** Units, or words for what a column holds, none of which is one of its values. */
function areUnits(texts: readonly string[], columns: readonly (readonly string[])[]): boolean {
  const present = texts.flatMap((text, at) => (isNothing(text) ? [] : [{ text: text.trim(), at }]));
  return (
    present.length > 0 &&
    present.every(
      ({ text, at }) =>
        (UNIT.test(text) || KIND.test(text)) && !columns[at]!.some((cell) => cell.trim() === text),
    )
  );
}

function holdsValues(texts: readonly string[]): boolean {
  return isTyped(texts) || truthsOf(texts) !== undefined;
}

/** What was asked: each text has the name above it within, or all of them end as questions do and no value does. */
function areQuestions(
  names: readonly string[],
  texts: readonly string[],
  rest: ReadonlyArray<readonly string[]>,
): boolean {
  const isAsked = (row: readonly string[]): boolean => row.every((text) => /[?？]\s*$/.test(text));
  const repeats = (row: readonly string[]): boolean =>
    row.every((text, at) => {
      const name = names[at]!.trim().toLowerCase();
      return text.trim().length > name.length && text.toLowerCase().includes(name);
    });
  return (
    names.length > 1 &&
    [isAsked, repeats].some((looksSo) => looksSo(texts) && !rest.some((row) => looksSo(row)))
  );
}

/** Drawn below the names, by consoles and for Markdown: as long as they are, or three dashes and more. */
function isRuled(texts: readonly string[], names: readonly string[]): boolean {
  const present = texts.flatMap((text, at) => (text.trim() === '' ? [] : [{ text, at }]));
  const isLong = present.some(({ text }) => isRule(text));
  return (
    (isLong && present.every(({ text }) => isRule(text) || /^[-=_]{1,2}$/.test(text.trim()))) ||
    (present.length > 1 &&
      present.every(({ text, at }) => text.trim() === '-'.repeat(names[at]?.trim().length ?? 0)))
  );
}

function isRule(text: string): boolean {
  return /^[:"']?([-=_])(["']?\1){2,}[:"']?$/.test(text.trim());
}

/** Names of one column stand one above the other; a name with nothing beside it goes on over the gaps. */
export function joinNames(rows: ReadonlyArray<readonly string[]>): string[] {
  if (rows.length === 1) return [...rows[0]!];
  const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0);
  const last = rows.length - 1;
  const spread = rows.map((row, level) => {
    if (level === last) return row;
    let before = '';
    return Array.from({ length: width }, (_x, at) => (before = row[at]?.trim() || before));
  });
  return Array.from({ length: width }, (_x, at) => {
    const cells = spread.map((row) => row[at]?.trim() ?? '');
    const parts = cells.filter(
      (part, at) => part !== '' && !(at > 0 && /^[-=_]+$/.test(part)) && !isRule(part),
    );
    return [...new Set(parts)].join(' ');
  });
}
