/** Turns one JSON value into one record. */
import { arrayElements, cellOf, objectMembers } from './json-text.js';
import type { SourceRecord } from './record.js';

/** Objects give their members, arrays `column_1`, ..., a single value `value`. */
export function recordOf(raw: string, line: number): SourceRecord {
  const bytes = Buffer.byteLength(raw);
  const reject = (reason: string): SourceRecord => ({ bytes, reject: { line, reason, raw } });
  const text = raw.trim();
  try {
    JSON.parse(text);
  } catch (error) {
    return reject(`not JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
  if (text.startsWith('[')) {
    const values = arrayElements(text);
    return {
      bytes,
      cells: new Map(values.map((value, index) => [`column_${index + 1}`, cellOf(value)])),
    };
  }
  if (!text.startsWith('{')) return { bytes, cells: new Map([['value', cellOf(text)]]) };
  const cells = new Map<string, string | null>();
  for (const [name, value] of objectMembers(text)) {
    // JSON.parse would keep the last and forget the first.
    if (cells.has(name)) return reject(`the name ${JSON.stringify(name)} twice`);
    cells.set(name, cellOf(value));
  }
  return { bytes, cells };
}
