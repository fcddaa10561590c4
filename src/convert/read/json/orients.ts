/** Records of objects that hold columns, not records: pandas' orients, lists side by side. */
import { positionedName } from '../canonical-csv.js';
import type { Cells, SourceRecord } from '../record.js';
import type { JsonMember } from './json-shape.js';
import { arrayElements, cellOf, objectMembers } from './json-text.js';

type Members = ReadonlyArray<readonly [name: string, raw: string]>;

/** What describes a column by an object gives its name there. */
const NAMES = ['name', 'field', 'title', 'label', 'id'];

/** `columns` and `data` are lists, and the rows are no objects, which would have names of their own. */
export function isSplit(members: readonly JsonMember[]): boolean {
  const listOf = (wanted: string): JsonMember | undefined =>
    members.find(({ name, kind }) => name === wanted && kind === 'list');
  return listOf('columns') !== undefined && listOf('data')?.objects === 0;
}

/** pandas' `split`: `columns` and `data`. `undefined` when it is none. */
export function splitOrient(members: Members): Iterable<SourceRecord> | undefined {
  const byName = new Map(members);
  const columns = byName.get('columns');
  const data = byName.get('data');
  if (!columns?.startsWith('[') || !data?.startsWith('[')) return undefined;
  const others = members.filter(
    ([name, raw]) => !['columns', 'data'].includes(name) && !(name === 'index' && isNumbering(raw)),
  );
  return splitRecords(
    others.map(([name]) => name),
    arrayElements(columns),
    arrayElements(data),
  );
}

function* splitRecords(
  others: readonly string[],
  columns: readonly string[],
  rows: readonly string[],
): Generator<SourceRecord> {
  yield* leftOut(others);
  const names = columns.map((raw, position) => positionedName(columnName(raw), position));
  if (columns.some((raw) => raw.startsWith('{'))) {
    yield {
      remark: 'columns are described by objects: their names are read, the rest is left out',
    };
  }
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

function columnName(raw: string): string {
  if (!raw.startsWith('{')) return cellOf(raw) ?? '';
  const members = new Map(objectMembers(raw));
  const name = NAMES.map((key) => members.get(key)).find((value) => value?.startsWith('"'));
  return cellOf(name ?? raw) ?? '';
}

/** Lists of one length; pandas' `columns`: objects whose names are 0, 1, 2, ... `undefined` when it is neither. */
export function columnOrient(members: Members): Iterable<SourceRecord> | undefined {
  if (members.length === 0) return undefined;
  if (members.every(([, raw]) => raw.startsWith('['))) {
    const lists = members.map(([name, raw]) => [name, arrayElements(raw)] as const);
    const length = lists[0]![1].length;
    if (lists.some(([, values]) => values.length !== length)) return undefined;
    return Array.from({ length }, (_, index) =>
      record(new Map(lists.map(([name, values]) => [name, cellOf(values[index]!)]))),
    );
  }
  if (!members.every(([, raw]) => raw.startsWith('{'))) return undefined;
  const columns = members.map(([name, raw]) => [name, objectMembers(raw)] as const);
  const rows = columns[0]![1].length;
  // pandas writes its row labels 0, 1, 2, ... here; other labels are data, and would be lost.
  const isNumbered = columns.every(
    ([, values]) => values.length === rows && values.every(([label], row) => label === String(row)),
  );
  if (!isNumbered) return undefined;
  return Array.from({ length: rows }, (_, row) =>
    record(new Map(columns.map(([name, values]) => [name, cellOf(values[row]![1])]))),
  );
}

export function* leftOut(names: readonly string[]): Generator<SourceRecord> {
  if (names.length === 0) return;
  const shown = names.map((name) => JSON.stringify(name)).join(', ');
  yield { remark: `left out beside the records: ${shown}` };
}

/** pandas' row labels where nobody has given others. */
function isNumbering(raw: string): boolean {
  return raw.startsWith('[') && arrayElements(raw).every((label, row) => label === String(row));
}

function record(cells: Cells): SourceRecord {
  return { bytes: 0, cells };
}
