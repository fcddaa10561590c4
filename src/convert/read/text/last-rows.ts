/** Doubts rows that read as notes, mostly the last ones: they happen to have as many fields as the others. */
import { decision, type Decision } from '../decision.js';
import { isNothing, isTyped, isValue } from './cell-shapes.js';
import type { Dialect } from './dialect.js';
import { opensNote } from './footer.js';
import { csvPin } from './pin-text.js';
import type { TextPins } from './pins.js';
import { isBelowBlank, readSample, type Sample, type SampleRecord } from './sample.js';

/** Fewer do not show what a column is made of. */
const FEWEST_ABOVE = 3;
/** What the last row of a report is called. */
const SUM =
  /^(grand |sub)?(totals?|balance|sum|summe|(end)?saldo|solde|gesamt|insgesamt|totale|suma|razem|celkem|totaal|toplam|итого|всего|σύνολο|合計|合计|总计|計|합계)\W*$/i;
/** Beside so many, a missing cell is only one. */
const FEW_COLUMNS = 3;
/** So many stand apart at most. */
const MOST_ROWS = 5;

/** They are kept as rows: what they are, the file does not say. */
export function* aboutLastRows(
  sample: Sample,
  sampled: readonly SampleRecord[],
  dialect: Dialect,
  fields: number,
  pins: TextPins,
): Generator<Decision> {
  if (fields < 2 || pins.skip_footer !== undefined || dialect.comment !== undefined) return;
  const records = sample.complete
    ? sampled
    : readSample({ bytes: sample.end, end: sample.end, complete: true }, dialect);
  const found =
    belowBlankLine(records, dialect, fields) ??
    sentences(records, fields) ??
    otherwiseFilled(records, fields);
  if (!found) return;
  const { count, because } = found;
  yield decision('guess', {
    about: 'footer',
    chosen: `none: ${count === 1 ? 'what looks like a note is a row' : `${count} lines that look like notes are rows`}`,
    evidence: because,
    alternatives: [
      { chosen: count === 1 ? 'one line of notes' : `${count} lines of notes`, rows: [] },
    ],
    pin: csvPin({ skip_footer: 0 }),
  });
}

interface LastRows {
  readonly count: number;
  readonly because: string;
}

function belowBlankLine(
  records: readonly SampleRecord[],
  dialect: Dialect,
  fields: number,
): LastRows | undefined {
  const at = records.findLastIndex((_record, index) => isBelowBlank(records, index, dialect));
  const count = records.length - at;
  if (at <= 0 || count > MOST_ROWS) return undefined;
  const rows = records.slice(0, at).filter((record) => record.fields === fields);
  const typed = Array.from({ length: fields }, (_x, column) => column).filter((column) =>
    isTyped(rows.slice(1).map(({ texts }) => texts[column]!)),
  );
  const areOthers = records
    .slice(at)
    .every(
      ({ texts }) =>
        texts.length === fields &&
        typed.some((column) => !isValue(texts[column]!) && !isNothing(texts[column]!)),
    );
  if (areOthers) return { count, because: 'below a blank line, words stand under values' };
  return records[at]!.texts.length === fields && opensNote(records[at]!.raw)
    ? { count, because: 'below a blank line, it begins as notes do' }
    : undefined;
}

/** A blank stands behind each delimiter, as in no other row; within the table they are remarks. */
function sentences(records: readonly SampleRecord[], fields: number): LastRows | undefined {
  const found = records.slice(1).filter((record) => isSentence(record, fields));
  const count = found.length;
  const others = records.filter((record) => !found.includes(record));
  const areApart = count < others.length || found.every(({ raw }) => opensNote(raw));
  if (count === 0 || count > MOST_ROWS || !areApart) return undefined;
  if (others.some(({ texts }) => texts.slice(1).some((text) => /^\s/.test(text)))) return undefined;
  return { count, because: 'it reads as a sentence' };
}

function isSentence({ texts, quoted }: SampleRecord, fields: number): boolean {
  // Padded as rows are that end with a delimiter.
  const parts = texts.slice(1).filter((text) => text !== '');
  return (
    parts.length > 0 &&
    texts.length === fields &&
    quoted === 0 &&
    parts.every((text) => /^\s\S/.test(text))
  );
}

/** A sum, a note that is padded, or words under values as in no row above them. */
function otherwiseFilled(records: readonly SampleRecord[], fields: number): LastRows | undefined {
  const [, ...rows] = records.filter((record) => record.fields === fields);
  if (
    SUM.test(
      rows
        .at(-1)
        ?.texts.find((text) => text.trim() !== '')
        ?.trim() ?? '',
    )
  )
    return { count: 1, because: 'it is called a sum' };
  for (let count = 1; count <= MOST_ROWS && count < rows.length; count += 1) {
    const above = rows.slice(0, -count);
    const last = rows.slice(-count);
    const isNote = ({ texts }: SampleRecord): boolean => isPaddedNote(texts, above);
    if (last.every(isNote) && !above.some(isPadded))
      return { count, because: 'their first cell alone is filled, as in notes that are padded' };
    const isShort = !last.some(areFull) && above.length > 0 && above.every(areFull);
    if (above.length < FEWEST_ABOVE && !isShort) continue;
    const isTypedAbove = (column: number): boolean =>
      above.every(({ texts }) => isValue(texts[column]!));
    const columns = [...last[0]!.texts.keys()];
    // Most often there is none, and a column of words shows it at once.
    if (!columns.some((column) => isWord(last[0]!.texts[column]!) && isTypedAbove(column)))
      continue;
    const typed = columns.filter(isTypedAbove);
    const areOdd = ({ texts }: SampleRecord): boolean =>
      typed.every((column) => isWord(texts[column]!)) ||
      (isShort && typed[0] === 0 && isWord(texts[0]!));
    if (last.every(areOdd))
      return { count, because: 'words stand under values, as in no other row' };
  }
  return undefined;
}

function isPadded({ texts }: Pick<SampleRecord, 'texts'>): boolean {
  return texts.slice(1).every(isBlank);
}

function areFull({ texts }: SampleRecord): boolean {
  return !texts.some(isBlank);
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}

/** One word is a note, too, where nothing is missing in several columns of the rows above. */
function isPaddedNote(texts: readonly string[], above: readonly SampleRecord[]): boolean {
  const [first = ''] = texts;
  if (!isPadded({ texts }) || !isWord(first)) return false;
  const isOdd = texts.length > FEW_COLUMNS && above.length > 1 && above.every(areFull);
  return isOdd || opensNote(first) || /\S\s\S|\p{L}[:：]|^\W/u.test(first);
}

function isWord(text: string): boolean {
  return /\p{L}/u.test(text) && !isValue(text) && !isNothing(text);
}
