/** Cells of OpenDocument that have a value and no text (OpenDocument 1.3, part 3, 9.1.4): SheetJS passes over them without a word. */

/** An element without content, or with blanks alone, that says what its value is. */
const WITHOUT_TEXT =
  /<((?:[\w.-]+:)?table-cell)(\s[^<>]*\bvalue-type\s*=[^<>]*?)(?:\/>|>\s*<\/\1\s*>)/g;
const VOID = /(\bvalue-type\s*=\s*["'])void(?=["'])/g;

/** An empty text is no other value: that of the cell is in its attributes. */
export function withTexts(content: Buffer): Buffer {
  const xml = content.toString('utf8');
  const told = xml.replace(VOID, '$1string').replace(WITHOUT_TEXT, '<$1$2><text:p></text:p></$1>');
  return told === xml ? content : Buffer.from(told);
}
