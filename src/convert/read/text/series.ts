/** Tells a header of days, years or numbers that rise, `country,1990,1991`, from a record of values. */
import { isDay, isNumber, isValue, most } from './cell-shapes.js';
import type { Rows, Vote } from './header.js';

const YEAR = /^(1[89]|20)\d\d$/;
const FEWEST_NUMBERS = 3;
/** In nats: few headers have numbers in them, nearly all records do. */
const RARE = 4;
/** In nats: numbers of a record seldom follow each other. */
const IN_A_ROW = 2;
const MOST = 8;

/** They are names though they stand above numbers. Nothing when the values of the first record are no series. */
export function seriesOf(head: readonly string[], rest: Rows): Vote | undefined {
  return seriesOfDays(head, rest) ?? seriesOfNumbers(head, rest);
}

/** As of reports that grow to the right: `country,1/22/2020,1/23/2020`. */
function seriesOfDays(head: readonly string[], rest: Rows): Vote | undefined {
  const days = head.filter(
    (name, column) =>
      isDay(name) &&
      most(
        rest.map((row) => row[column] ?? ''),
        isNumber,
      ),
  );
  if (isValue(head[0]!) || days.length < 2 || new Set(days).size < days.length) return undefined;
  return { weight: IN_A_ROW, because: 'days stand side by side above numbers' };
}

function seriesOfNumbers(head: readonly string[], rest: Rows): Vote | undefined {
  const columns = head.flatMap((name, column) => (isNumber(name) ? [column] : []));
  const numbers = columns.map((column) => head[column]!.trim());
  // As pandas numbers what has no name; a record may begin so, too.
  if (
    head[0]!.trim() === '' &&
    isShort(head) &&
    numbers.length === head.length - 1 &&
    numbers.every((one, at) => one === String(at))
  )
    return { weight: -0.5, because: 'its numbers count the columns' };
  // Numbers alone are a record.
  if (isNumber(head[0]!) || numbers.length < 2) return undefined;
  if (rest.length > 1 && head.length > rest.length && areNamesOfRows(head, rest))
    return { weight: MOST, because: 'it names the rows, too' };
  if (numbers.every(isYear) && new Set(numbers).size === numbers.length) {
    const areYears = rest.some((row) => columns.some((column) => isYear(row[column] ?? '')));
    return { weight: areYears ? 1.5 : 3, because: 'years stand side by side behind a name' };
  }
  if (numbers.length < FEWEST_NUMBERS || !doRise(numbers)) return undefined;
  const because = 'its numbers rise behind a name';
  // By chance, one of n! records has its n numbers in their order.
  const weight = numbers.reduce((sum, _one, at) => sum + Math.log(at + 1), -RARE);
  const first = Number(numbers[0]);
  const step = Number(numbers[1]) - first;
  if (numbers.every((one, at) => isWhole(one) && Number(one) === first + at * step))
    return { weight: Math.min(Math.max(weight + IN_A_ROW, 0), MOST), because };
  const areWhole = numbers.every(isWhole);
  const alike = rest
    .map((row) => columns.map((column) => row[column] ?? ''))
    .filter((texts) => doRise(texts) && texts.every(isWhole) === areWhole);
  return alike.length > rest.length / 2 || weight <= 0
    ? undefined
    : { weight: Math.min(weight, MOST), because };
}

/** Of distances between the same things, the first row says what the first column does. */
function areNamesOfRows(head: readonly string[], rest: Rows): boolean {
  return rest.every(([name], at) => name === head[at + 1]);
}

function isYear(text: string): boolean {
  return YEAR.test(text.trim());
}

function isShort({ length }: readonly string[]): boolean {
  return length > 1 && length <= FEWEST_NUMBERS;
}

function isWhole(text: string): boolean {
  return /^\d+$/.test(text.trim());
}

function doRise(numbers: readonly string[]): boolean {
  return numbers.every((one, at) => at === 0 || Number(one) > Number(numbers[at - 1]));
}
