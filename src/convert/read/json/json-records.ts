/** Reads the records of a JSON file, in the shapes that datasets use. */
import { ImportError } from '../../../errors/index.js';
import type { RecordSource, SourceRecord } from '../record.js';
import { recordTooLong } from '../record-length.js';
import { featureCells } from './geojson.js';
import { jsonParts, type Within } from './json-parts.js';
import { cellsOfMembers, recordOf, type RecordOptions } from './json-record.js';
import { jsonShape, namesOfAlike, type JsonShape } from './json-shape.js';
import { checkJson, Liberties } from './json-syntax.js';
import { objectMembers } from './json-text.js';
import { ndjsonRecords } from './ndjson-records.js';
import { columnOrient, isSplit, leftOut, splitOrient } from './orients.js';
import { textPieces } from './text-pieces.js';

/** Objects that cannot be streamed are held in memory as one string, which V8 bounds at 2^29 - 24 characters. */
const MAX_OBJECT_CHARACTERS = 500_000_000;
/** A list beside the records that is no description of them. */
const LONG_LIST = 100;

interface JsonFile {
  readonly absolutePath: string;
  readonly place: string;
}

/**
 * The lists of records of a file that has several: a table each.
 * @throws FORMAT_UNREADABLE
 */
export async function jsonTables(absolutePath: string, place: string): Promise<readonly string[]> {
  try {
    const shape = await shapeOf(absolutePath);
    if (typeof shape === 'string') return [];
    const lists = recordLists(shape);
    return shape.isSeveral || lists.length < 2 ? [] : lists;
  } catch (error) {
    throw unreadable(error, place);
  }
}

/**
 * A list gives its elements. Values that follow each other give themselves, line by line where each has a line. An
 * object gives, in this order of preference: pandas' `split`; its one list of objects, or the one that `inside`
 * names; its members as columns, if all are lists of one length, or objects numbered by rows; its members as rows,
 * if all are objects alike; itself, as the only record. All but columns are streamed.
 * @throws FORMAT_UNREADABLE
 */
export function jsonRecords(absolutePath: string, place: string, inside?: string): RecordSource {
  let found: ReturnType<typeof shapeOf> | undefined;
  return async function* (): AsyncGenerator<SourceRecord, void> {
    const liberties = new Liberties();
    try {
      found ??= shapeOf(absolutePath);
      yield* shapedRecords({ absolutePath, place }, await found, liberties, inside);
      yield* liberties.remarks();
    } catch (error) {
      throw unreadable(error, place);
    }
  };
}

/** `lines`: a record each; `list`: one list, or what is neither a list nor an object. */
async function shapeOf(absolutePath: string): Promise<JsonShape | 'lines' | 'list'> {
  const start = await startOf(absolutePath);
  if (firstLineIsRecord(start)) return 'lines';
  return start.startsWith('{') ? jsonShape(textPieces(absolutePath)) : 'list';
}

async function* shapedRecords(
  { absolutePath, place }: JsonFile,
  shape: JsonShape | 'lines' | 'list',
  liberties: Liberties,
  inside: string | undefined,
): AsyncGenerator<SourceRecord, void> {
  const stream = (
    within: Within,
    cells?: RecordOptions['cells'],
  ): AsyncGenerator<SourceRecord, void> =>
    streamed({ absolutePath, place }, within, liberties, cells);
  if (shape === 'lines') return yield* ndjsonRecords(absolutePath, place);
  if (shape === 'list') return yield* stream('root');
  if (shape.isSeveral) return yield* stream('roots');

  const lists = recordLists(shape);
  const member = inside ?? (isTable(shape, lists) ? lists[0] : undefined);
  if (member !== undefined) {
    if (inside)
      yield { remark: `one of ${lists.length} lists of records in the file: a table each` };
    const isFeatures = shape.members.some(({ text }) => text === '"FeatureCollection"');
    const told = new Set([member, ...lists, ...(isFeatures ? ['type'] : [])]);
    yield* leftOut(shape.members.map(({ name }) => name).filter((name) => !told.has(name)));
    return yield* stream({ member }, isFeatures ? featureCells : undefined);
  }
  const isRows = shape.isObjects && !(await isNumbered(absolutePath));
  const names = isRows ? await namesOfAlike(textPieces(absolutePath)) : undefined;
  if (names) {
    const key = freeName(names);
    yield { remark: `an object of objects alike: a row each, its name in the column "${key}"` };
    return yield* stream('root', keyedCells(key));
  }
  const text = await wholeText(absolutePath, liberties);
  const members = objectMembers(text);
  const isClear = new Set(members.map(([name]) => name)).size === members.length;
  // With a name that stands twice, the whole is a reject: one of the two would be lost.
  const columns = isClear ? (splitOrient(members) ?? columnOrient(members)) : undefined;
  yield* columns ?? [recordOf(text, { number: 1, liberties: new Liberties() })];
}

async function* streamed(
  { absolutePath, place }: JsonFile,
  within: Within,
  liberties: Liberties,
  cells?: RecordOptions['cells'],
): AsyncGenerator<SourceRecord, void> {
  const onComma = (): void => {
    liberties.commas += 1;
  };
  const tooLong = (line: number): void => {
    throw recordTooLong(place, line);
  };
  let number = 0;
  const options = { within, onComma, tooLong };
  for await (const { raw, line } of jsonParts(textPieces(absolutePath), options)) {
    number += 1;
    const record = recordOf(raw, { number, line, liberties, ...(cells && { cells }) });
    if ('reject' in record && record.reject.reason.startsWith('not JSON')) {
      const { reason } = record.reject;
      throw new SyntaxError(`value ${number} is ${reason}`);
    }
    yield record;
  }
}

/** Of an object with one member, whose value is an object. */
function keyedCells(key: string): NonNullable<RecordOptions['cells']> {
  return (text) => {
    const [name, value] = objectMembers(text)[0]!;
    if (!value.startsWith('{')) return 'expected an object, as the others are';
    return cellsOfMembers([[key, JSON.stringify(name)], ...objectMembers(value)]);
  };
}

/** `key`, or `key_`, ... where the objects have that name. */
function freeName(names: ReadonlySet<string>): string {
  let name = 'key';
  while (names.has(name)) name += '_';
  return name;
}

/** None in pandas' `split`, which names its columns in a list of their own, also where that holds objects. */
function recordLists({ members }: JsonShape): string[] {
  if (isSplit(members)) return [];
  const lists = members.filter(
    ({ kind, objects, elements }) => kind === 'list' && objects > 0 && 2 * objects > elements,
  );
  const names = members.map(({ name }) => name);
  return lists
    .map(({ name }) => name)
    .filter((name) => names.indexOf(name) === names.lastIndexOf(name));
}

/** A second list beside the records would be lost; descriptions beside them may be. */
function isTable({ members }: JsonShape, [list, ...others]: readonly string[]): boolean {
  if (list === undefined || others.length > 0) return false;
  const names = new Set(members.map(({ name }) => name));
  return (
    names.size === members.length &&
    members.every(({ name, elements }) => name === list || elements <= LONG_LIST)
  );
}

/** The members of the first object are 0, 1, 2, ...: columns, as pandas writes them. */
async function isNumbered(absolutePath: string): Promise<boolean> {
  for await (const { raw } of jsonParts(textPieces(absolutePath), { within: 'root' })) {
    const rows = objectMembers(objectMembers(raw)[0]![1]);
    return rows.length > 0 && rows.every(([label], row) => label === String(row));
  }
  return false;
}

/** The first piece that is not blank, without the blanks before it. */
async function startOf(absolutePath: string): Promise<string> {
  let start = '';
  for await (const piece of textPieces(absolutePath)) {
    start += piece;
    if (start.trim() !== '') break;
  }
  return start.trimStart();
}

function firstLineIsRecord(start: string): boolean {
  const [first, ...others] = start.trim().split('\n');
  if (!others.some((line) => line.trim() !== '') || !first!.startsWith('{')) return false;
  try {
    checkJson(first!, new Liberties());
    return true;
  } catch {
    return false;
  }
}

async function wholeText(absolutePath: string, liberties: Liberties): Promise<string> {
  let text = '';
  for await (const piece of textPieces(absolutePath)) {
    text += piece;
    if (text.length > MAX_OBJECT_CHARACTERS) {
      throw new SyntaxError(
        'an object of columns of more than 500 million characters; a list of records can be streamed',
      );
    }
  }
  checkJson(text.trim(), liberties);
  return text.trim();
}

function unreadable(error: unknown, place: string): unknown {
  if (!(error instanceof SyntaxError || error instanceof TypeError)) return error;
  return new ImportError('FORMAT_UNREADABLE', {
    ...{ place, expected: 'JSON', found: error.message, cause: error },
  });
}
