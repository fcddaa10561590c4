/** Splits one record into fields, as text: what witnesses and decisions see of it. */
import { fixedCells } from './fixed-width/cells.js';
import { WHITESPACE, type Dialect } from './dialect.js';

export interface Field {
  readonly text: string;
  /** Quoted in the source: an empty one is an empty string, not a null. */
  readonly quoted: boolean;
}

/** The record must not have a broken quote. */
export function splitRecord(record: string, dialect: Dialect): Field[] {
  const { delimiter, quote, trim } = dialect;
  const isRun = delimiter === WHITESPACE;
  // Of a run they are the delimiter.
  const blanksBesideQuotes = dialect.blanksBesideQuotes && !isRun;
  const width = isRun ? 1 : delimiter.length;
  const fields: Field[] = [];
  let position = 0;
  for (;;) {
    if (isRun) position = afterBlanks(record, position, delimiter);
    if (isRun && position >= record.length && fields.length > 0) return fields;
    const opening = blanksBesideQuotes ? afterBlanks(record, position, delimiter) : position;
    if (quote !== '' && record[opening] === quote) {
      const { text, next } = readQuoted(record, opening + 1, dialect);
      fields.push({ text, quoted: true });
      position = blanksBesideQuotes ? afterBlanks(record, next, delimiter) : next;
    } else {
      const { text, next } = readPlain(record, position, dialect);
      fields.push({ text: trim ? text.replace(/^[ \t]+|[ \t]+$/g, '') : text, quoted: false });
      position = next;
    }
    if (position >= record.length) return fields;
    position += width;
    if (position === record.length && !isRun) {
      fields.push({ text: '', quoted: false });
      return fields;
    }
  }
}

/** One cell a column; missing ones are null. */
export function cellsOf(
  record: string,
  { names, dialect }: { readonly names: readonly string[]; readonly dialect: Dialect },
): Array<string | null> {
  if (dialect.fixedWidth) return fixedCells(record, dialect.fixedWidth);
  const fields = splitRecord(record, dialect);
  return names.map((_name, column) => {
    const field = fields[column];
    return field && (field.quoted || field.text !== '') ? field.text : null;
  });
}

/** A blank that separates is none of them. */
function afterBlanks(record: string, from: number, delimiter: string): number {
  let position = from;
  while (isBlank(record[position]) && !record.startsWith(delimiter, position)) position += 1;
  return position;
}

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\t';
}

function readPlain(
  record: string,
  from: number,
  { delimiter, quote, escape, escapesOutside }: Dialect,
): { text: string; next: number } {
  if (delimiter === WHITESPACE) {
    const found = record.slice(from).search(/[ \t]/);
    const next = found === -1 ? record.length : from + found;
    return { text: record.slice(from, next), next };
  }
  if (!escapesOutside) {
    const found = record.indexOf(delimiter, from);
    const next = found === -1 ? record.length : found;
    return { text: record.slice(from, next), next };
  }
  let text = '';
  let next = from;
  while (next < record.length && !record.startsWith(delimiter, next)) {
    const after = record[next + 1];
    const takes =
      after === escape ||
      after === quote ||
      after === '\n' ||
      record.startsWith(delimiter, next + 1);
    if (record[next] === escape && after !== undefined && takes) next += 1;
    text += record[next]!;
    next += 1;
  }
  return { text, next };
}

function readQuoted(
  record: string,
  from: number,
  { quote, escape }: Dialect,
): { text: string; next: number } {
  let text = '';
  let position = from;
  while (position < record.length) {
    const char = record[position]!;
    const next = record[position + 1];
    // Before anything else a backslash is itself: `"C:\new"` has one.
    if (char === escape && next !== undefined && (next === quote || next === escape)) {
      text += next;
      position += 2;
    } else if (char === quote) {
      return { text, next: position + 1 };
    } else {
      text += char;
      position += 1;
    }
  }
  return { text, next: position };
}
