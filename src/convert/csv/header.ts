/** Tells whether the first record of a file names its columns. */

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;
const YEAR = /^(19|20)\d\d$/;
/** Perhaps with a time of day. */
const DAY = /^(\d{4}([-/.])\d\d?\2\d\d?|\d\d?([-/.])\d\d?\3\d{4})(?!\d)/;
const SAMPLE_ROWS = 200;

/**
 * Columns vote: a text above numbers speaks for a header, a number above numbers or a value that returns
 * below against it. Without evidence a file has one: nearly all published files do.
 */
export function hasHeader(records: readonly (readonly string[])[]): boolean {
  const [head, ...rest] = records;
  if (!head) return true;
  if (head.every((name) => name.trim() === '')) return false;
  // Numbers alone are a record, not its names.
  if (rest.length === 0) return !areNumbers(head);
  const { votes, against } = evidence(records);
  return votes > 0 || against === 0;
}

/** True when something speaks for the first record as a header. */
export function isLikelyHeader(records: readonly (readonly string[])[]): boolean {
  return evidence(records).votes > 0;
}

/** True when the first of several records is a header only for want of evidence. */
export function isGuess(records: readonly (readonly string[])[]): boolean {
  const { votes, against } = evidence(records);
  return records.length > 1 && votes === 0 && against === 0;
}

/** True when the first record cannot be anything but a header: all names, and numbers below one of them. */
export function isSurelyHeader(records: readonly (readonly string[])[]): boolean {
  const [head = []] = records;
  if (head.some((name) => name.trim() === '' || areNumbers([name]))) return false;
  const { votes, against } = evidence(records);
  return votes > 0 && against === 0;
}

function evidence(records: readonly (readonly string[])[]): { votes: number; against: number } {
  const [head = [], ...rest] = records.slice(0, SAMPLE_ROWS);
  let votes = 0;
  let against = 0;
  const years = head.filter((name) => YEAR.test(name.trim()));
  // Years in a row as names, `country,1990,1991`, are numbers above numbers all the same.
  const yearNames = years.length >= 2 && new Set(years).size === years.length;
  head.forEach((name, column) => {
    const below = rest.map((record) => record[column]?.trim() ?? '').filter((text) => text !== '');
    if (below.length === 0) return;
    const numbers = areNumbers(below);
    const isNumber = areNumbers([name]);
    if (numbers && !isNumber && name.trim() !== '') votes += 1;
    // A day above days is one of them; a name above them is none.
    if (areDays(below)) {
      if (areDays([name])) against += 1;
      else if (!isNumber && name.trim() !== '') votes += 1;
    }
    if (numbers && isNumber && !(yearNames && YEAR.test(name.trim()))) against += 1;
    if (!numbers && name.trim() !== '' && below.includes(name.trim())) against += 1;
  });
  return { votes, against };
}

function areDays(texts: readonly string[]): boolean {
  return texts.filter((text) => DAY.test(text.trim())).length >= 0.9 * texts.length;
}

/** Nine of ten at least; an empty text is none. */
export function areNumbers(texts: readonly string[]): boolean {
  const numbers = texts.filter((text) => NUMBER.test(text.trim())).length;
  return texts.length > 0 && numbers >= 0.9 * texts.length;
}
