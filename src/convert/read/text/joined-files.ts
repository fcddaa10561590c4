/** Doubts that a file is one table: where files with other headers were joined, one stands among the rows. */
import { decision, type Decision } from '../decision.js';
import { isNothing, isValue } from './cell-shapes.js';
import { haveOtherKinds, kindsOf, type Kinds } from './column-kinds.js';
import { csvPin } from './pin-text.js';
import type { TextPins } from './pins.js';
import type { SampleRecord } from './sample.js';
import { isUsualName, looksLikeIdentifier } from './usual-names.js';

/** More words are a text. */
const MOST_WORDS = 3;
/** `y` and `no` are names. */
const NO_NAME = /^(true|false|yes)$|@|:\/\/|^#[\da-f]{3,8}$/i;
/** In this many records below it at least: of fewer, nothing shows what a column is made of. */
const FEWEST_ROWS = 2;

/** It is kept as a row: whose names the rows below it have, the file does not say. `all` begin with the header. */
export function* aboutJoinedFiles(
  all: readonly SampleRecord[],
  fields: number,
  headerRecords: number,
  { header, header_rows: pinned }: TextPins,
): Generator<Decision> {
  const [first] = all;
  const others = all.slice(headerRecords);
  const isPinned = (header ?? pinned) !== undefined;
  if (headerRecords === 0 || fields < 2 || isPinned || first?.fields !== fields) return;
  const rows = others.filter((record) => record.fields === fields);
  // Behind a delimiter at the end of each line there is nothing.
  const named = first.texts.flatMap((text, at) =>
    text.trim() === '' && rows.every(({ texts }) => texts[at]!.trim() === '') ? [] : [at],
  );
  const namedOf = (texts: readonly string[]): string[] => named.map((at) => texts[at]!.trim());
  const names = namedOf(first.texts);
  if (rows.length <= FEWEST_ROWS || !names.every(isName)) return;
  const candidates = rows
    .filter(({ raw }) => raw !== first.raw)
    .map(({ line, texts }) => ({ line, texts: namedOf(texts) }))
    .filter(({ texts }) => texts.every(isName));
  if (candidates.length === 0) return;
  // A table of names alone, such as a dictionary, is made of such records.
  const areAllNames = candidates.length > Math.max(1, rows.length / 2);
  const columns = named.map((at) => kindsOf(rows.map(({ texts }) => texts[at]!)));
  const changesKinds = ({ line, texts }: (typeof candidates)[number]): boolean => {
    const at = rows.findIndex((row) => row.line === line);
    const areRare = texts.every((text, column) => columns[column]!.times.get(text) === 1);
    return areRare && haveOtherKinds(rows.slice(0, at), rows.slice(at + 1), fields);
  };
  const found = candidates.find(
    (one) => isHeader(one.texts, names, columns, areAllNames) || changesKinds(one),
  );
  if (!found) return;
  yield decision('guess', {
    about: 'header',
    chosen: 'none in the middle of the file',
    evidence: `line ${found.line} looks like the header of another file that was joined to the first`,
    pin: csvPin(headerRecords > 1 ? { header_rows: headerRecords } : { header: true }),
  });
}

function isName(text: string): boolean {
  const bare = text.replace(/^\uFEFF/, '').trim();
  if (isValue(bare) || isNothing(bare) || NO_NAME.test(bare)) return false;
  return bare.split(/\s+/).length <= MOST_WORDS;
}

/** It says what the first header does, or is the only one made of words, where columns are of another kind. */
function isHeader(
  texts: readonly string[],
  names: readonly string[],
  columns: readonly Kinds[],
  areAllNames: boolean,
): boolean {
  const cells = texts.map((text) => text.replace(/^\uFEFF/, '').trim());
  const isRare = (at: number): boolean => columns[at]!.times.get(texts[at]!.trim()) === 1;
  const again = cells.filter((cell, at) => isRare(at) && names.some((name) => isLike(cell, name)));
  const areRare = cells.every((_cell, at) => isRare(at));
  if (areAllNames)
    return (
      areRare &&
      (again.length * 2 > cells.length ||
        (again.length * 2 === cells.length &&
          again.some((cell) => doReturn(columns[cells.indexOf(cell)]!))))
    );
  const odd = cells.filter((_cell, at) => {
    const { counts } = columns[at]!;
    return counts.get('word') === 1 && counts.size === 2;
  });
  const areOdd = columns.every(({ counts }) => counts.get('word') !== 1 || counts.size === 2);
  if (again.length > cells.length / 2 || (again.length > 0 && odd.length > 0)) return true;
  const spelled = cells.filter((cell, at) => isRare(at) && looksLikeIdentifier(cell));
  if (again.length > 0) return again.length * 2 === cells.length || spelled.length > 0 || areRare;
  return (
    areOdd && odd.length > 0 && (odd.length > 1 || cells.some(isUsualName) || spelled.length > 0)
  );
}

/** What stands once beside such cells is odd. */
function doReturn({ times }: Kinds): boolean {
  const cells = [...times.values()].reduce((sum, count) => sum + count, 0);
  return (times.size - 1) * 2 <= cells - 1;
}

/** `price` and `price_2`. */
function isLike(text: string, name: string): boolean {
  const [one, other] = [text.toLowerCase(), name.toLowerCase()];
  return one === other || (one.startsWith(other) && /^[_ .-]?\d+$/.test(one.slice(other.length)));
}
