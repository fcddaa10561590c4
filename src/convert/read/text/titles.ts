/** Finds the titles above a table: lines that look like a heading, not records that do not fit. */
import { isValue } from './cell-shapes.js';
import { findHeader } from './header.js';
import { isProse, isWordy } from './prose.js';
import type { SampleRecord } from './sample.js';

const MOST_TITLES = 50;
/** A record of so many sampled ones may be as empty as a padded title before nothing can be said. */
const EMPTY_SHARE = 0.2;

/** How many of the records stand above the table, whose records have `fields`. */
export function countTitles(records: readonly SampleRecord[], fields: number): number {
  if (fields < 2) return 0;
  let titles = 0;
  while (titles < Math.min(MOST_TITLES, records.length - 1) && isTitle(records, titles, fields))
    titles += 1;
  return titles;
}

function isTitle(records: readonly SampleRecord[], at: number, fields: number): boolean {
  const { texts, isBroken } = records[at]!;
  if (isBroken) return false;
  if (texts.length === 1) return records.slice(at).some((record) => record.fields === fields);
  return (
    isPadded(records, at, fields) || (isProse(records, at) && showsHeader(records.slice(at + 1)))
  );
}

/** Spreadsheets pad titles with delimiters: one text at most, above a record that fills the columns. */
function isPadded(records: readonly SampleRecord[], at: number, fields: number): boolean {
  const { texts } = records[at]!;
  if (texts.length !== fields || filled(texts) > 1 || texts.some(isValue)) return false;
  const below = records.slice(at + 1);
  if (fields === 2 && filled(texts) === 1 && !(isWordy(texts[0]!) && showsHeader(below)))
    return false;
  const next = below.find((record) => filled(record.texts) > 1);
  if (!next || filled(next.texts) < Math.max(2, fields - 1)) return false;
  const rows = below.slice(below.indexOf(next));
  return rows.filter((record) => filled(record.texts) <= 1).length <= EMPTY_SHARE * rows.length;
}

function showsHeader(records: readonly SampleRecord[]): boolean {
  const { isHeader, certainty } = findHeader(records);
  return isHeader && certainty !== 'guess';
}

function filled(texts: readonly string[]): number {
  return texts.filter((text) => text.trim() !== '').length;
}
