/** Reads the records of a JSON file, in the shapes that datasets use. */
import { ImportError } from '../../../errors/index.js';
import { positionedName } from '../canonical-csv.js';
import { jsonElements } from './json-elements.js';
import { recordOf } from './json-record.js';
import { arrayElements, cellOf, objectMembers } from './json-text.js';
import { ndjsonRecords } from './ndjson-records.js';
import type { Cells, SourceRecord } from '../record.js';
import { textPieces } from './text-pieces.js';

/** Objects are held in memory as one string, which V8 bounds at 2^29 - 24 characters. */
const MAX_OBJECT_CHARACTERS = 500_000_000;

/**
 * An array gives its elements, streamed. An object gives, in this order of preference: its lines if each is an
 * object of its own; pandas' `split` (`columns`, `data`); its one member that is an array of objects; its members as
 * columns, if all are arrays of one length or all are objects; itself, as the only record.
 */
export async function* jsonRecords(
  absolutePath: string,
  place: string,
): AsyncGenerator<SourceRecord> {
  try {
    let start = '';
    for await (const piece of textPieces(absolutePath)) {
      start += piece;
      if (start.trim() !== '') break;
    }
    if (start.trimStart().startsWith('[')) {
      let number = 0;
      for await (const element of jsonElements(textPieces(absolutePath))) {
        const record = recordOf(element, ++number);
        if ('reject' in record && record.reject.reason.startsWith('not JSON')) {
          throw new SyntaxError(`element ${number} is ${record.reject.reason}`);
        }
        yield record;
      }
    } else if (firstLineIsRecord(start)) yield* ndjsonRecords(absolutePath);
    else yield* objectRecords(await wholeText(absolutePath));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    throw new ImportError('FORMAT_UNREADABLE', {
      place,
      expected: 'JSON',
      found: error.message,
      cause: error,
    });
  }
}

function firstLineIsRecord(start: string): boolean {
  const [first, ...others] = start.trim().split('\n');
  if (!others.some((line) => line.trim() !== '')) return false;
  try {
    return typeof JSON.parse(first!) === 'object';
  } catch {
    return false;
  }
}

async function wholeText(absolutePath: string): Promise<string> {
  let text = '';
  for await (const piece of textPieces(absolutePath)) {
    text += piece;
    if (text.length > MAX_OBJECT_CHARACTERS) {
      throw new SyntaxError(
        'an object of more than 500 million characters; an array can be streamed',
      );
    }
  }
  JSON.parse(text);
  return text.trim();
}

function* objectRecords(text: string): Generator<SourceRecord> {
  const members = objectMembers(text);
  const byName = new Map(members);
  if (byName.size < members.length) {
    // As a record of its own it is a reject: one of the two would be lost.
    yield recordOf(text, 1);
    return;
  }
  const columns = byName.get('columns');
  const data = byName.get('data');
  if (columns?.startsWith('[') && data?.startsWith('[')) {
    const rows = arrayElements(data);
    const others = members.filter(
      ([name, raw]) =>
        !['columns', 'data'].includes(name) && !(name === 'index' && isNumbering(raw)),
    );
    yield* leftOut(others);
    yield* splitRecords(arrayElements(columns), rows);
    return;
  }
  const tables = members.filter(([, raw]) => raw.startsWith('[') && /^\[\s*\{/.test(raw));
  if (tables.length === 1 && members.every(([, raw]) => raw === tables[0]![1] || !isLong(raw))) {
    yield* leftOut(members.filter((member) => member !== tables[0]));
    let number = 0;
    for (const element of arrayElements(tables[0]![1])) yield recordOf(element, ++number);
    return;
  }
  yield* columnRecords(members) ?? [recordOf(text, 1)];
}

function* leftOut(members: ReadonlyArray<readonly [string, string]>): Generator<SourceRecord> {
  if (members.length === 0) return;
  const names = members.map(([name]) => JSON.stringify(name)).join(', ');
  yield { remark: `left out beside the records: ${names}` };
}

/** pandas' row labels where nobody has given others. */
function isNumbering(raw: string): boolean {
  return raw.startsWith('[') && arrayElements(raw).every((label, row) => label === String(row));
}

/** A second list beside the records would be lost; descriptions beside them may be. */
function isLong(raw: string): boolean {
  return raw.startsWith('[') && arrayElements(raw).length > 100;
}

function* splitRecords(columns: string[], rows: string[]): Generator<SourceRecord> {
  const names = columns.map((raw, position) => positionedName(cellOf(raw) ?? '', position));
  for (const [index, raw] of rows.entries()) {
    const bytes = Buffer.byteLength(raw);
    const values = raw.startsWith('[') ? arrayElements(raw) : [];
    if (values.length === names.length) {
      yield { bytes, cells: new Map(names.map((name, at) => [name, cellOf(values[at]!)])) };
    } else {
      const reason = `expected ${names.length} values, found ${values.length}`;
      yield { bytes, reject: { line: index + 1, reason, raw } };
    }
  }
}

function columnRecords(members: Array<[string, string]>): Iterable<SourceRecord> | undefined {
  if (members.length === 0 || new Set(members.map(([name]) => name)).size !== members.length) {
    return undefined;
  }
  if (members.every(([, raw]) => raw.startsWith('['))) {
    const lists = members.map(([name, raw]) => [name, arrayElements(raw)] as const);
    const length = lists[0]![1].length;
    if (lists.some(([, values]) => values.length !== length)) return undefined;
    return Array.from({ length }, (_, index) =>
      record(new Map(lists.map(([name, values]) => [name, cellOf(values[index]!)]))),
    );
  }
  if (members.every(([, raw]) => raw.startsWith('{'))) {
    const columns = members.map(([name, raw]) => [name, new Map(objectMembers(raw))] as const);
    if (columns.some(([, values], at) => values.size < objectMembers(members[at]![1]).length)) {
      return undefined;
    }
    const keys = columns[0]![1];
    const sameKeys = columns.every(
      ([, values]) => values.size === keys.size && [...values.keys()].every((key) => keys.has(key)),
    );
    // pandas writes its row labels 0, 1, 2, ... here; other labels are data, and would be lost.
    if (!sameKeys || ![...keys.keys()].every((key, index) => key === String(index))) {
      return undefined;
    }
    return [...keys.keys()].map((key) =>
      record(new Map(columns.map(([name, values]) => [name, cellOf(values.get(key)!)]))),
    );
  }
  return undefined;
}

function record(cells: Cells): SourceRecord {
  return { bytes: 0, cells };
}
