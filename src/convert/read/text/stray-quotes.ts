/** Counts the records with a quote where none would be: one that opens and never closes, or stands within a cell. */
import { isValue } from './cell-shapes.js';
import type { SampleRecord } from './sample.js';

/** Words cut short, and years. */
const CUT_SHORT = /^'(tis|twas|till?|cause|cuz|em|n|bout|round|s|t|\d\ds?)\b/i;

/** `records` begin with the header, where there is one. Within cells alone it may be inches; what a column is called has none. */
export function strayQuotes(records: readonly SampleRecord[], quote: string): number {
  const isUsed = records.some(({ quoted }) => quoted > 0);
  return records.filter(
    (record, at) =>
      record.hasLateQuote ||
      hasOddQuotes(record, quote) ||
      (at === 0 && record.texts.some((text) => /^'|.'$/.test(text))) ||
      (quote !== "'" && record.raw.includes("'") && record.texts.some(opensAlone)) ||
      ((isUsed || at === 0) && record.hasInnerQuote),
  ).length;
}

/** A cell that goes on below a quote of its own, without a second one: two that are too many read so. */
function hasOddQuotes({ raw, texts }: SampleRecord, quote: string): boolean {
  if (quote === '' || !/["']\r?\n/.test(raw)) return false;
  return texts.some(
    (text) => /["']\r?\n/.test(text) && text.includes(quote) && text.split(quote).length % 2 === 0,
  );
}

/** A single one before a word or a value. */
function opensAlone(text: string): boolean {
  if (!text.startsWith("'") || text.indexOf("'", 1) !== -1) return false;
  return isValue(text.slice(1)) || !(/\s/.test(text) || CUT_SHORT.test(text));
}
