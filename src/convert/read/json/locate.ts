/** Finds where in a JSON object its records are, through the objects that wrap them. */
import { jsonShape, type JsonMember, type JsonShape } from './json-shape.js';
import { memberPieces } from './member-pieces.js';
import { rowList } from './rows.js';

/** Reads a text from its start at each call. */
export type Pieces = () => AsyncIterable<string>;

export interface Located {
  readonly pieces: Pieces;
  readonly shape: JsonShape;
  /** Members that stand beside those that were opened. */
  readonly left: readonly string[];
}

/** A list beside the records that is no description of them. */
export const LONG_LIST = 100;
const MOST_WRAPPERS = 5;

/** `{"status": "ok", "result": {"records": [...]}}`: opened as long as one object holds the lists of records, and nothing else could. */
export async function locate(pieces: Pieces, shape: JsonShape, depth = 0): Promise<Located> {
  const here = { pieces, shape, left: [] };
  if (depth === MOST_WRAPPERS || shape.isSeveral || hasRecords(shape)) return here;
  const objects = shape.members.filter(({ kind }) => kind === 'object');
  const [wrapper] = objects;
  if (!wrapper || objects.length > 1 || shape.members.some(isLong)) return here;
  const inner = (): AsyncIterable<string> => memberPieces(pieces(), wrapper.name);
  const found = await locate(inner, await jsonShape(inner()), depth + 1);
  if (!hasRecords(found.shape)) return here;
  const beside = shape.members.map(({ name }) => name).filter((name) => name !== wrapper.name);
  return { ...found, left: [...beside, ...found.left] };
}

function hasRecords(shape: JsonShape): boolean {
  return recordLists(shape).length > 0 || rowList(shape) !== undefined;
}

/** Lists most of whose elements are objects; none where rows are lists, whose columns may be described by objects. */
export function recordLists(shape: JsonShape): string[] {
  if (rowList(shape) !== undefined) return [];
  const { members } = shape;
  const names = members.map(({ name }) => name);
  return members
    .filter(holdsObjects)
    .map(({ name }) => name)
    .filter((name) => names.indexOf(name) === names.lastIndexOf(name));
}

export function holdsObjects({ kind, objects, elements }: JsonMember): boolean {
  return kind === 'list' && objects > 0 && 2 * objects > elements;
}

function isLong({ kind, elements }: JsonMember): boolean {
  return kind === 'list' && elements > LONG_LIST;
}
