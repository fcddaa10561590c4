/** Cells of OpenDocument that have a value and no text (OpenDocument 1.3, part 3, 9.1.4): SheetJS passes over them without a word. */
import { ImportError } from '../../../errors/index.js';

/** An element without content, or with blanks alone, that says what its value is. */
const WITHOUT_TEXT =
  /<((?:[\w.-]+:)?table-cell)(\s[^<>]*\bvalue-type\s*=[^<>]*?)(?:\/>|>\s*<\/\1\s*>)/g;
const VOID = /(\bvalue-type\s*=\s*["'])void(?=["'])/g;

const ROW_OR_CELL = /<(?:[\w.-]+:)?(table-row|table-cell|covered-table-cell)(?=[\s/>])([^<>]*)>/g;
const COLUMNS_REPEATED = /\bnumber-columns-repeated\s*=\s*["'](\d+)/;
const ROWS_REPEATED = /\bnumber-rows-repeated\s*=\s*["'](\d+)/;
/** SheetJS makes each of them: more than these find no room in memory. */
const MOST_REPEATED = 5_000_000;

/**
 * An empty text is no other value: that of the cell is in its attributes.
 * @param place Names the file in errors.
 * @throws FORMAT_UNREADABLE for few cells that say that they are millions
 */
export function withTexts(content: Buffer, place: string): Buffer {
  const xml = content.toString('utf8');
  const repeated = repeatedCells(xml);
  if (repeated > MOST_REPEATED) {
    const expected = `at most ${MOST_REPEATED} cells that repeat others`;
    const nextStep = 'Open it in LibreOffice or Excel, and save the rows that have data as .csv.';
    throw new ImportError('FORMAT_UNREADABLE', {
      place,
      expected,
      found: String(repeated),
      nextStep,
    });
  }
  const told = xml.replace(VOID, '$1string').replace(WITHOUT_TEXT, '<$1$2><text:p></text:p></$1>');
  return told === xml ? content : Buffer.from(told);
}

/** Those that are empty, and close themselves, are made by nobody. */
function repeatedCells(xml: string): number {
  let rows = 1;
  let repeated = 0;
  for (const [, element, attributes] of xml.matchAll(ROW_OR_CELL)) {
    const count = (pattern: RegExp): number => Number(pattern.exec(attributes!)?.[1] ?? 1);
    if (element === 'table-row') rows = count(ROWS_REPEATED);
    else if (element === 'covered-table-cell') repeated += count(COLUMNS_REPEATED) - 1;
    else if (!attributes!.endsWith('/') || attributes!.includes('value-type'))
      repeated += rows * count(COLUMNS_REPEATED) - 1;
  }
  return repeated;
}
