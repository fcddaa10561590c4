/** Splits one record into fields, and writes fields back in the plainest dialect. */
import type { Dialect } from './dialect.js';

export interface Field {
  readonly text: string;
  /** Quoted in the source: an empty one is an empty string, not a null. */
  readonly quoted: boolean;
}

/** The record must not have a broken quote. */
export function splitRecord(record: string, { delimiter, quote, escape }: Dialect): Field[] {
  const fields: Field[] = [];
  let position = 0;
  for (;;) {
    if (quote !== '' && record[position] === quote) {
      const { text, next } = readQuoted(record, position + 1, quote, escape);
      fields.push({ text, quoted: true });
      position = next;
    } else {
      const end = record.indexOf(delimiter, position);
      fields.push({ text: record.slice(position, end === -1 ? undefined : end), quoted: false });
      position = end === -1 ? record.length : end;
    }
    if (position >= record.length) return fields;
    position += 1;
    if (position === record.length) {
      fields.push({ text: '', quoted: false });
      return fields;
    }
  }
}

function readQuoted(
  record: string,
  from: number,
  quote: string,
  escape: string,
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

const NEEDS_QUOTES = /[",\r\n]/;

/** One line of RFC 4180 with `\n`; an empty quoted field stays quoted. */
export function joinRecord(fields: readonly Field[]): string {
  const written = fields.map(({ text, quoted }) =>
    quoted || NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text,
  );
  // A line of nothing would be no record: one empty field needs something to show it.
  return `${written.join(',')}\n`;
}
