/** Records that are lists of values, and where their columns get their names: pandas' `split`, Socrata's `meta`, a first row. */
import type { Cells } from '../record.js';
import { positionedName } from '../canonical-csv.js';
import { jsonParts } from './json-parts.js';
import type { JsonMember, JsonShape } from './json-shape.js';
import { arrayElements, cellOf, objectMembers } from './json-text.js';
import type { Pieces } from './locate.js';
import { memberPieces } from './member-pieces.js';

export interface RowList {
  /** The member whose elements are the rows. */
  readonly rows: string;
  /** The member whose elements are the names of their columns. */
  readonly head?: string;
}

const HEADS = new Set(
  'columns cols column_names columnnames header headers fields field_names fieldnames names keys labels'.split(
    ' ',
  ),
);
const ROWS = new Set('data rows values records items results dataset content series'.split(' '));
/** What describes a column by an object gives its name there. */
const NAMES = ['name', 'field', 'title', 'label', 'id'];
const SAMPLE = 100;
/** Of what may describe the columns. */
const MOST_CHARACTERS = 4_000_000;

/** The one list of lists, when a list beside it names columns, or it is called as rows are. */
export function rowList({ members }: JsonShape): RowList | undefined {
  const [rows, ...others] = members.filter(
    ({ kind, lists, elements }) => kind === 'list' && lists > 0 && 2 * lists > elements,
  );
  if (!rows || others.length > 0) return undefined;
  const head = members.find((one) => isList(one) && HEADS.has(one.name.toLowerCase()));
  if (head) return { rows: rows.name, head: head.name };
  // Lists side by side are columns, also where the cells of one are lists.
  const areColumns = members.length > 1 && members.every(isList);
  return ROWS.has(rows.name.toLowerCase()) && !areColumns ? { rows: rows.name } : undefined;
}

function isList({ kind, lists }: JsonMember): boolean {
  return kind === 'list' && lists === 0;
}

export interface RowNames {
  readonly names: readonly string[];
  /** The first row is them. */
  readonly isFirstRow: boolean;
  readonly remark?: string;
  /** The members that gave them. */
  readonly from?: string;
}

/** @param within How the rows stand in the text. */
export async function rowNames(
  pieces: Pieces,
  within: 'root' | RowList,
  beside: readonly JsonMember[] = [],
): Promise<RowNames | undefined> {
  const sample: string[][] = [];
  const rows = within === 'root' ? within : { member: within.rows };
  const options = { within: rows, onList: () => undefined };
  for await (const { raw } of jsonParts(pieces(), options)) {
    if (!raw.startsWith('[')) return undefined;
    if (sample.push(arrayElements(raw)) === SAMPLE) break;
  }
  const width = sample[0]?.length ?? 0;
  if (width === 0) return undefined;
  const head = within === 'root' ? undefined : within.head;
  if (head !== undefined) {
    const names: string[] = [];
    for await (const { raw } of jsonParts(pieces(), { within: { member: head } })) names.push(raw);
    if (names.length === width) return namedBy(names, head);
  }
  for (const { name } of beside.filter(({ kind }) => kind !== 'value')) {
    const described = await describedColumns(memberPieces(pieces(), name), width);
    if (described) return { ...namedBy(described, name), remark: DESCRIBED };
  }
  if (!isHeader(sample)) return undefined;
  return {
    names: sample[0]!.map((raw) => cellOf(raw)!),
    isFirstRow: true,
    remark: 'the first list is read as the names of the columns: numbers stand below them',
  };
}

const DESCRIBED = 'columns are described by objects: their names are read, the rest is left out';

function namedBy(raws: readonly string[], from: string): RowNames {
  const isDescribed = raws.some((raw) => raw.startsWith('{'));
  const names = raws.map(columnName);
  return { names, from, isFirstRow: false, ...(isDescribed && { remark: DESCRIBED }) };
}

function columnName(raw: string): string {
  if (!raw.startsWith('{')) return cellOf(raw) ?? '';
  const members = new Map(objectMembers(raw));
  const name = NAMES.map((key) => members.get(key)).find((value) => value?.startsWith('"'));
  return cellOf(name ?? raw) ?? '';
}

/** A list of as many objects as there are columns, each with a name: Socrata's `meta.view.columns`. */
async function describedColumns(
  pieces: AsyncIterable<string>,
  width: number,
): Promise<readonly string[] | undefined> {
  let text = '';
  for await (const piece of pieces) if ((text += piece).length > MOST_CHARACTERS) return undefined;
  const search = (raw: string): readonly string[] | undefined => {
    if (raw.startsWith('[')) {
      const elements = arrayElements(raw);
      const areNamed = elements.every((one) => one.startsWith('{') && columnName(one) !== one);
      return elements.length === width && areNamed ? elements : undefined;
    }
    if (!raw.startsWith('{')) return undefined;
    for (const [, value] of objectMembers(raw)) {
      const found = search(value);
      if (found) return found;
    }
    return undefined;
  };
  return search(text.trim());
}

/** Words that differ, and below one of them nothing but numbers. */
function isHeader([first, ...others]: ReadonlyArray<readonly string[]>): boolean {
  const names = new Set(first);
  if (others.length === 0 || names.size < first!.length) return false;
  if (!first!.every((raw) => raw.startsWith('"') && raw !== '""' && !isNumber(raw))) return false;
  return first!.some((_raw, column) => {
    const below = others.map((row) => row[column]).filter((raw) => raw && raw !== 'null');
    return below.length > 0 && below.every((raw) => isNumber(raw!));
  });
}

function isNumber(raw: string): boolean {
  return /^"?-?\d+(\.\d+)?([eE][+-]?\d+)?"?$/.test(raw);
}

/** @param names of as many values; without them `column_1`, `column_2`, ... */
export function rowCells(
  names: readonly string[],
  isExact: boolean,
): (text: string) => Cells | string {
  const keys = names.map(positionedName);
  return (text) => {
    if (!text.startsWith('[')) return 'expected a list of values';
    const values = arrayElements(text);
    if (isExact && values.length !== keys.length)
      return `expected ${keys.length} values, found ${values.length}`;
    return new Map(values.map((raw, at) => [keys[at] ?? `column_${at + 1}`, cellOf(raw)]));
  };
}
