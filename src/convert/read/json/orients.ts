/** Records of objects that hold columns, not records: pandas' `columns`, lists side by side. */
import type { Cells, SourceRecord } from '../record.js';
import { jsonParts } from './json-parts.js';
import { freeName } from './keyed.js';
import { arrayElements, cellOf, objectMembers } from './json-text.js';

type Members = ReadonlyArray<readonly [name: string, raw: string]>;

const SAMPLE = 50;

/**
 * Whether the members of an object of objects are columns, as pandas writes them, not rows: they have the same labels, which are
 * those of rows, or each has values of one kind, and what stands under one label differs in kind.
 */
export async function standsInColumns(pieces: AsyncIterable<string>): Promise<boolean> {
  const columns: Array<readonly [name: string, values: Members]> = [];
  for await (const { raw } of jsonParts(pieces, { within: 'root' })) {
    const [name, value] = objectMembers(raw)[0]!;
    if (columns.push([name, objectMembers(value)]) === SAMPLE) break;
  }
  const labels = columns[0]?.[1].map(([label]) => label) ?? [];
  if (labels.length === 0) return false;
  if (!columns.every(([, values]) => haveLabels(values, labels))) return false;
  if (isNumbering(labels)) return true;
  const isCounted = columns.every(([name]) => /^\d+$/.test(name));
  if (isAscending(labels) && !isCounted) return true;
  const kinds = columns.map(([, values]) => values.slice(0, SAMPLE).map(([, raw]) => kindOf(raw)));
  const across = kinds[0]!.map((_kind, row) => kinds.map((column) => column[row]!));
  return kinds.every(isOneKind) && !across.every(isOneKind);
}

/** Lists of one length, or objects with the same labels, which are the column `index` where they are no numbering. */
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
  const labels = columns[0]![1].map(([label]) => label);
  if (!columns.every(([, values]) => haveLabels(values, labels))) return undefined;
  const key = isNumbering(labels) ? undefined : freeName('index', new Set(members.map(nameOf)));
  return labelled(columns, labels, key);
}

function* labelled(
  columns: ReadonlyArray<readonly [name: string, values: Members]>,
  labels: readonly string[],
  key: string | undefined,
): Generator<SourceRecord> {
  if (key !== undefined)
    yield { remark: `an object of columns: the names within them are in the column "${key}"` };
  for (const [row, label] of labels.entries()) {
    const cells = columns.map(([name, values]) => [name, cellOf(values[row]![1])] as const);
    yield record(new Map(key === undefined ? cells : [[key, label], ...cells]));
  }
}

export function* leftOut(names: readonly string[]): Generator<SourceRecord> {
  if (names.length === 0) return;
  const shown = names.map((name) => JSON.stringify(name)).join(', ');
  yield { remark: `left out beside the records: ${shown}` };
}

function haveLabels(values: Members, labels: readonly string[]): boolean {
  return values.length === labels.length && values.every(([label], row) => label === labels[row]);
}

/** pandas' row labels where nobody has given others. */
function isNumbering(labels: readonly string[]): boolean {
  return labels.every((label, row) => label === String(row));
}

/** pandas' row labels of a table from which rows were taken. */
function isAscending(labels: readonly string[]): boolean {
  return labels.every(
    (label, row) =>
      /^\d{1,15}$/.test(label) && (row === 0 || Number(label) > Number(labels[row - 1])),
  );
}

function isOneKind(kinds: readonly string[]): boolean {
  return new Set(kinds.filter((kind) => kind !== 'n')).size <= 1;
}

/** By its first character; `n` for null. */
function kindOf(raw: string): string {
  return /^[-\d]/.test(raw) ? '0' : raw === 'true' ? 'f' : raw.slice(0, 1);
}

function nameOf([name]: readonly [string, string]): string {
  return name;
}

function record(cells: Cells): SourceRecord {
  return { bytes: 0, cells };
}
