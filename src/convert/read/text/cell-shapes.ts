/** What a cell looks like: a number, a day, a word for nothing, a name. */

const NUMBER = /^[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?$/;
/** What divides thousands does not set decimals apart: 222.142.48831 is none. */
const GROUPED = /^[-+]?\$?€?\d{1,3}([ ,.'])\d{3}(\1\d{3})*((?!\1)[.,]\d+)?%?$/;
const DECIMAL = /^[-+]?\d*\.\d+(e[-+]?\d+)?$/i;
const AMOUNT = /^[-+(]?[$€£]?\s?\d+([.,]\d+)?\s?[%$€£]?\)?$/;
/** Perhaps with a time of day. */
const DAY =
  /^(\d{4}([-/.])\d\d?\2\d\d?|\d\d?([-/.])\d\d?\3(\d{4}|\d\d))([T ]+\d\d?:\d\d[:\d.,]*( ?([AaPp]\.?[Mm]\.?|[A-Z]\w*\/\w+|[A-Z]{0,5}([-+]\d\d?:?(\d\d)?)?))?)?$/;
const TIME = /^\d\d?:\d\d(:\d\d([.,]\d+)?)?$/;
/** Addresses of mail and of the web, colours, lists and objects of JSON. */
const MARKED = /^([\w.+-]+@[\w-]+\.[\w.-]+|\w+:\/\/\S+|#[\da-f]{3,8}|\[.*\]|\{.*\})$/is;
const NOTHING =
  /^(na|n\/a|n\.a\.?|#n\/a|#(value|ref|num|null|div\/0)!|nan|null|none|nil|unknown|\\n|\?|\*|-+|\.)?$/i;
/** Pairs of words for true and false: `y` above `yes` and `no` may be a name. */
const TRUTHS = [/^(true|false)$/i, /^(yes|no)$/i, /^[yn]$/i, /^[tf]$/i];
const SHARE = 0.9;

export function isNumber(text: string): boolean {
  const trimmed = text.trim();
  return NUMBER.test(trimmed) || GROUPED.test(trimmed) || AMOUNT.test(trimmed);
}

/** Without a doubt what the point is for. */
export function isDecimal(text: string): boolean {
  return DECIMAL.test(text.trim());
}

export function isDay(text: string): boolean {
  const trimmed = text.trim();
  return DAY.test(trimmed) || TIME.test(trimmed);
}

/** Empty, or one of the words that stand for a missing value. */
export function isNothing(text: string): boolean {
  return NOTHING.test(text.trim());
}

/** A number or a day: what no column is called. */
export function isValue(text: string): boolean {
  return isNumber(text) || isDay(text);
}

/** What only values look like, though it is no number. */
export function isMarked(text: string): boolean {
  return MARKED.test(text.trim());
}

/** Nine of ten at least of those that are not missing; none of nothing. */
export function areNumbers(texts: readonly string[]): boolean {
  return most(texts, isNumber);
}

export function areDays(texts: readonly string[]): boolean {
  return most(texts, isDay);
}

export function isTruth(text: string): boolean {
  return TRUTHS.some((words) => words.test(text.trim()));
}

/** Words for true and false of one spelling; nothing when the texts are others, or too few to tell. */
export function truthsOf(texts: readonly string[]): RegExp | undefined {
  const found = TRUTHS.find((words) => most(texts, (text) => words.test(text.trim())));
  if (!found || texts.length < 2) return undefined;
  // A letter alone may be any code.
  const isLetter = found.test('y') || found.test('t');
  return isLetter && new Set(texts.map((text) => text.toLowerCase())).size < 2 ? undefined : found;
}

/** A column of numbers or days. */
export function isTyped(texts: readonly string[]): boolean {
  return areNumbers(texts) || areDays(texts);
}

export function most(texts: readonly string[], is: (text: string) => boolean): boolean {
  const present = texts.filter((text) => !isNothing(text));
  return present.length > 0 && present.filter(is).length >= SHARE * present.length;
}
