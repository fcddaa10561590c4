/** New files of a table of which an older version is kept: their columns are that version's, or they are not appended. */
import type { HeldProofs } from '../prove/held.js';
import type { ProvenTable } from '../prove/prove.js';
import type { TextRelation } from '../relation.js';
import type { ColumnDescription } from '../types.js';

export type HeldColumn = Pick<ColumnDescription, 'name' | 'originalName' | 'proof'>;

/** The table is to be stored anew as a whole; the message is why, in words, without a value of the table. */
export class NotAppendable extends Error {
  override readonly name = 'NotAppendable';
}

/** Also of one that has come from another process, which keeps no class. */
export function isNotAppendable(error: unknown): error is Error {
  return error instanceof Error && error.name === 'NotAppendable';
}

export function proofsOf(held: readonly HeldColumn[]): HeldProofs {
  return new Map(held.map(({ name, proof }) => [name, proof]));
}

/** The same rows, columns in the order that they have in the version before. Throws NotAppendable. */
export function inOrderOf(held: readonly HeldColumn[], relation: TextRelation): TextRelation {
  const known = new Set(held.map(({ name }) => name));
  const added = relation.columns.find(({ name }) => !known.has(name));
  if (added) throw new NotAppendable(`column ${JSON.stringify(added.name)} is new`);
  const places = held.map(({ name }) => relation.columns.findIndex((one) => one.name === name));
  const gone = places.indexOf(-1);
  if (gone !== -1) {
    const name = JSON.stringify(held[gone]!.name);
    throw new NotAppendable(`the new files have no column ${name}`);
  }
  if (places.every((place, index) => place === index)) return relation;
  const ordered = <Of>(list: readonly Of[]): Of[] => places.map((place) => list[place]!);
  const { columns, cells, witnesses } = relation;
  return {
    ...relation,
    columns: ordered(columns),
    ...(cells && { cells: ordered(cells) }),
    ...(witnesses && {
      witnesses: witnesses.map(({ row, cells: texts }) => ({ row, cells: ordered(texts) })),
    }),
  };
}

/**
 * In words: columns that no file before has a value of, and so are text; nobody has asked what these values are.
 * @param before As the version before has them.
 */
export function emptyBefore({ columns }: ProvenTable, before: readonly HeldColumn[]): string[] {
  return before.flatMap(({ name, proof }, index) => {
    const wasEmpty =
      proof.type === 'VARCHAR' && !proof.rule.startsWith('pinned') && proof.checkedCells === 0;
    if (!wasEmpty || columns[index]!.proof.checkedCells === 0) return [];
    return [
      `column ${JSON.stringify(name)} was empty in the files before, and stays text: \`import --force\` finds the type of its values`,
    ];
  });
}

/** Throws NotAppendable when a column has become another type than it is in the version before. */
export function requireTypes({ columns }: ProvenTable, held: readonly HeldColumn[]): void {
  for (const [index, { name, proof }] of held.entries()) {
    const found = columns[index]!.proof;
    if (found.type === proof.type) continue;
    const what = `column ${JSON.stringify(name)} of the new files is not ${proof.type} (${proof.rule}) in every row`;
    throw new NotAppendable(what);
  }
}
