/** Reads the records of a JSON file, in the shapes that datasets use. */
import { ImportError } from '../../../errors/index.js';
import type { RecordSource, SourceRecord } from '../record.js';
import { featureCells } from './geojson.js';
import { recordOf } from './json-record.js';
import { jsonShape, namesOfAlike, type JsonShape } from './json-shape.js';
import { checkJson, Liberties } from './json-syntax.js';
import { objectMembers } from './json-text.js';
import { freeName, isDictionary, keyedElement, keyedObject, keyedValue } from './keyed.js';
import { holdsObjects, locate, LONG_LIST, recordLists, type Pieces } from './locate.js';
import { ndjsonRecords } from './ndjson-records.js';
import { columnOrient, leftOut, standsInColumns } from './orients.js';
import { rowRecords } from './row-records.js';
import { rowList } from './rows.js';
import { streamed, type Stream } from './streamed.js';
import { textPieces } from './text-pieces.js';

/** Objects that cannot be streamed are held in memory as one string, which V8 bounds at 2^29 - 24 characters. */
const MAX_OBJECT_CHARACTERS = 500_000_000;
/** More lists of objects alike are one table, whose rows say which list they are of. */
const MOST_TABLES = 10;

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
    const found = await shapeOf(absolutePath);
    if (typeof found === 'string') return [];
    const { pieces, shape } = await locate(() => textPieces(absolutePath), found);
    const lists = recordLists(shape);
    if (shape.isSeveral || lists.length < 2) return [];
    return (await namesOfLists(pieces, shape)) ? [] : lists;
  } catch (error) {
    throw unreadable(error, place);
  }
}

/**
 * A list gives its elements. Values that follow each other give themselves, line by line where each has a line. An
 * object, or the one that others wrap, gives, in this order of preference: the lists of its one list of lists, as pandas'
 * `split`; its one list of objects, or the one that `inside` names; the elements of all of its many lists; its members as
 * columns, if all are lists of one length, or objects labelled by rows; its members as rows, if all are objects alike, or
 * what a dictionary holds; itself, as the only record. All but columns are streamed.
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
  const whole: Pieces = () => textPieces(absolutePath);
  if (shape === 'lines') return yield* ndjsonRecords(absolutePath, place);
  if (shape === 'list') return yield* rowRecords({ pieces: whole, place, liberties }, 'root');
  if (shape.isSeveral)
    return yield* streamed({ pieces: whole, place, liberties }, { within: 'roots' });
  const { pieces, left, ...located } = await locate(whole, shape);
  yield* objectRecords({ pieces, place, liberties }, located.shape, left, inside);
}

async function* objectRecords(
  stream: Stream,
  shape: JsonShape,
  left: readonly string[],
  inside: string | undefined,
): AsyncGenerator<SourceRecord, void> {
  const { pieces, liberties } = stream;
  const rows = rowList(shape);
  if (rows) return yield* rowRecords(stream, rows, shape.members, left);
  const lists = recordLists(shape);
  const isOfAll = inside === undefined && lists.length > MOST_TABLES;
  const ofLists = isOfAll ? await namesOfLists(pieces, shape) : undefined;
  if (ofLists) {
    const key = freeName('key', ofLists);
    yield* leftOut(left);
    yield {
      remark: `lists of objects alike: one table, the name of the list in the column "${key}"`,
    };
    return yield* streamed(stream, { within: 'lists', cells: keyedElement(key) });
  }
  const member = inside ?? (isTable(shape, lists) ? lists[0] : undefined);
  if (member !== undefined) {
    if (inside)
      yield { remark: `one of ${lists.length} lists of records in the file: a table each` };
    const isFeatures = shape.members.some(({ text }) => text === '"FeatureCollection"');
    const told = new Set([member, ...lists, ...(isFeatures ? ['type'] : [])]);
    const beside = shape.members.map(({ name }) => name).filter((name) => !told.has(name));
    yield* leftOut([...left, ...beside]);
    return yield* streamed(stream, {
      within: { member },
      ...(isFeatures && { cells: featureCells }),
    });
  }
  yield* leftOut(left);
  const isColumns = shape.all === 'object' && (await standsInColumns(pieces()));
  const names =
    shape.all === 'object' && !isColumns ? await namesOfAlike(pieces(), 'root') : undefined;
  if (names) {
    const key = freeName('key', names);
    yield { remark: `an object of objects alike: a row each, its name in the column "${key}"` };
    return yield* streamed(stream, { within: 'root', cells: keyedObject(key) });
  }
  if (isDictionary(shape)) {
    yield { remark: 'an object of many values: a row each, its name in the column "key"' };
    return yield* streamed(stream, { within: 'root', cells: keyedValue });
  }
  const text = await wholeText(pieces, liberties);
  const members = objectMembers(text);
  const isClear = new Set(members.map(([name]) => name)).size === members.length;
  // With a name that stands twice, the whole is a reject: one of the two would be lost.
  const columns =
    isClear && (isColumns || shape.all === 'list') ? columnOrient(members) : undefined;
  yield* columns ?? [recordOf(text, { number: 1, liberties: new Liberties() })];
}

/** Their names where the lists of objects are so many, and so alike, that they are one table. */
async function namesOfLists(
  pieces: Pieces,
  { all, members }: JsonShape,
): Promise<ReadonlySet<string> | undefined> {
  if (all !== 'list' || members.length <= MOST_TABLES) return undefined;
  // Some may be empty.
  if (members.filter(holdsObjects).length < 0.9 * members.length) return undefined;
  return namesOfAlike(pieces(), 'lists');
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

/** The first piece that is not blank, without the blanks before it. */
async function startOf(absolutePath: string): Promise<string> {
  let start = '';
  for await (const piece of textPieces(absolutePath)) {
    start += piece;
    if (start.trim() !== '') break;
  }
  return start.trimStart();
}

/** One object a line, or one list of values. */
function firstLineIsRecord(start: string): boolean {
  const [first, ...others] = start.trim().split('\n');
  const next = others.find((line) => line.trim() !== '')?.trimStart();
  if (next === undefined || !/^(\{|\[(?!\s*[[{]))/.test(first!)) return false;
  if (first!.startsWith('[') && !next.startsWith('[')) return false;
  try {
    checkJson(first!, new Liberties());
    return true;
  } catch {
    return false;
  }
}

async function wholeText(pieces: Pieces, liberties: Liberties): Promise<string> {
  let text = '';
  for await (const piece of pieces()) {
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
  if (!(error instanceof SyntaxError)) return error;
  return new ImportError('FORMAT_UNREADABLE', {
    ...{ place, expected: 'JSON', found: error.message, cause: error },
  });
}
