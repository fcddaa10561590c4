/** Streams records that are lists of values; those of one list of a JSON text are whatever they are. */
import type { SourceRecord } from '../record.js';
import { jsonParts, type JsonPart } from './json-parts.js';
import type { JsonMember } from './json-shape.js';
import { cellOf } from './json-text.js';
import { freeName } from './keyed.js';
import type { Pieces } from './locate.js';
import { leftOut } from './orients.js';
import { rowCells, rowNames, type RowList } from './rows.js';
import { streamed, type Stream } from './streamed.js';

/** pandas' row labels stand beside the rows. */
const LABELS = 'index';
const LABEL_LIST = { within: { member: LABELS } };

/**
 * @param within The elements of the one list, or of the member that holds the rows.
 * @param members Of the object, where there is one.
 * @param left What stands beside that object.
 */
export async function* rowRecords(
  stream: Stream,
  within: 'root' | RowList,
  members: readonly JsonMember[] = [],
  left: readonly string[] = [],
): AsyncGenerator<SourceRecord, void> {
  const { pieces } = stream;
  const rows = within === 'root' ? undefined : within.rows;
  const beside = members.filter(({ name }) => name !== rows);
  const named = await rowNames(pieces, within, beside);
  const labels = named?.from === undefined ? 'none' : await labelsOf(pieces, members, rows!);
  const used = new Set([named?.from, ...(labels === 'none' ? [] : [LABELS])]);
  yield* leftOut([...left, ...beside.map(({ name }) => name).filter((name) => !used.has(name))]);
  if (named?.remark !== undefined) yield { remark: named.remark };
  const cells = named ? rowCells(named.names, named.from !== undefined) : undefined;
  const records = streamed(stream, {
    within: rows === undefined ? 'root' : { member: rows },
    ...(cells && { cells }),
  });
  const labelled = labels === 'named' ? withLabels(records, pieces, named!.names) : records;
  let isName = named?.isFirstRow ?? false;
  for await (const record of labelled) {
    if (!isName) yield record;
    isName = false;
  }
}

/** Whether each row has a label, and one that says more than its number. */
async function labelsOf(
  pieces: Pieces,
  members: readonly JsonMember[],
  rows: string,
): Promise<'none' | 'numbers' | 'named'> {
  const labels = members.find(({ name, kind }) => name === LABELS && kind === 'list');
  const count = members.find(({ name }) => name === rows)?.elements;
  if (!labels || labels.elements !== count) return 'none';
  let row = 0;
  for await (const { raw } of jsonParts(pieces(), LABEL_LIST))
    if (raw !== String(row++)) return 'named';
  return 'numbers';
}

/** Both lists are read side by side, and have as many elements. */
async function* withLabels(
  records: AsyncIterable<SourceRecord>,
  pieces: Pieces,
  names: readonly string[],
): AsyncGenerator<SourceRecord, void> {
  const key = freeName(LABELS, new Set(names));
  const labels = jsonParts(pieces(), LABEL_LIST);
  for await (const record of records) {
    const { value } = (await labels.next()) as { value?: JsonPart };
    if (!('cells' in record) || value === undefined) yield record;
    else yield { ...record, cells: new Map([[key, cellOf(value.raw)], ...record.cells]) };
  }
}
