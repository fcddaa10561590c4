/** Tells a sentence that a delimiter divides: blanks stand behind its commas, and behind no others. */
import type { SampleRecord } from './sample.js';

/** Of several words in one part at least; none of the records below reads so. */
export function isProse(records: readonly SampleRecord[], at: number): boolean {
  const { texts } = records[at]!;
  if (!hasBlanks(texts) || !texts.some(isWordy)) return false;
  return !records.slice(at + 1).some((one) => one.texts.slice(1).some((text) => /^\s/.test(text)));
}

function hasBlanks(texts: readonly string[]): boolean {
  return texts.length > 1 && texts.slice(1).every((text) => /^\s\S/.test(text));
}

/** What a table is headed by, in the languages of the statistical offices: `Table 3: results, 2019`. */
const HEADING =
  /^\W*(table|tabelle|tableau|tabla|tabela|tabella|tabel|tabell|taulukko|tablo|таблица|таблиця|πίνακας|表|표)\s*\d/iu;

/** No column is called so. */
export function isHeading(text: string): boolean {
  return HEADING.test(text);
}

export function isWordy(text: string): boolean {
  return /\S\s+\S/.test(text);
}
