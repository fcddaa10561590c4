/** Turns one JSON value into one record. */
import { arrayElements, cellOf, objectMembers } from './json-text.js';
import type { Cells, SourceRecord } from '../record.js';

/** Objects give their members, arrays `column_1`, ..., a single value `value`. */
export function recordOf(raw: string, line: number): SourceRecord {
  const bytes = Buffer.byteLength(raw);
  const reject = (reason: string): SourceRecord => ({ bytes, reject: { line, reason, raw } });
  const text = raw.trim();
  try {
    JSON.parse(text);
  } catch (error) {
    return reject(
      `not JSON: ${error instanceof Error ? withoutExcerpt(error.message) : 'unreadable'}`,
    );
  }
  try {
    const cells = cellsOf(text);
    return typeof cells === 'string' ? reject(cells) : { bytes, cells };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return reject(error.message);
  }
}

/** The reason where there are none. */
function cellsOf(text: string): Cells | string {
  if (text.startsWith('[')) {
    const values = arrayElements(text);
    return new Map(values.map((value, index) => [`column_${index + 1}`, cellOf(value)]));
  }
  if (!text.startsWith('{')) return new Map([['value', cellOf(text)]]);
  const cells = new Map<string, string | null>();
  for (const [name, value] of objectMembers(text)) {
    // JSON.parse would keep the last and forget the first.
    if (cells.has(name)) return `the name ${JSON.stringify(name)} twice`;
    cells.set(name, cellOf(value));
  }
  return cells;
}

/** V8 quotes the record in some of its messages, which may name a person. */
function withoutExcerpt(message: string): string {
  return message.replace(/, (\.\.\.)?".*$/s, '');
}
