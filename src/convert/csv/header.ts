/** Tells whether the first record of a file names its columns. */

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;
const YEAR = /^(19|20)\d\d$/;
const SAMPLE_ROWS = 200;

/**
 * Columns vote: a text above numbers speaks for a header, a number above numbers or a value that returns
 * below against it. Without evidence a file has one: nearly all published files do.
 */
export function hasHeader(records: readonly (readonly string[])[]): boolean {
  const [head, ...rest] = records.slice(0, SAMPLE_ROWS);
  if (!head || rest.length === 0) return true;
  if (head.every((name) => name.trim() === '')) return false;
  let votes = 0;
  let against = 0;
  const years = head.filter((name) => YEAR.test(name.trim()));
  // Years in a row as names, `country,1990,1991`, are numbers above numbers all the same.
  const yearNames = years.length >= 2 && new Set(years).size === years.length;
  head.forEach((name, column) => {
    const below = rest.map((record) => record[column]?.trim() ?? '').filter((text) => text !== '');
    if (below.length === 0) return;
    const numbers = areNumbers(below);
    const isNumber = NUMBER.test(name.trim());
    if (numbers && !isNumber && name.trim() !== '') votes += 1;
    if (numbers && isNumber && !(yearNames && YEAR.test(name.trim()))) against += 1;
    if (!numbers && name.trim() !== '' && below.includes(name.trim())) against += 1;
  });
  return votes > 0 || against === 0;
}

/** Nine of ten at least; an empty text is none. */
export function areNumbers(texts: readonly string[]): boolean {
  const numbers = texts.filter((text) => NUMBER.test(text.trim())).length;
  return texts.length > 0 && numbers >= 0.9 * texts.length;
}
