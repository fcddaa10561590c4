/** What is different between two versions of a dataset, told by their descriptions alone. */
import type { DescribedTable } from '../catalog/index.js';
import type { ColumnDescription } from '../convert/types.js';

/** A number or text on both sides; absent where the column is not. */
export interface Sides<Value> {
  readonly before?: Value | undefined;
  readonly after?: Value | undefined;
}

export type Change = 'added' | 'removed' | 'retyped' | 'changed' | 'same';

export interface ColumnDiff {
  readonly column: string;
  readonly change: Change;
  readonly type: Sides<string>;
  readonly nulls: Sides<number>;
  readonly min: Sides<string>;
  readonly max: Sides<string>;
}

/** How often a class of the target stands there. */
export interface ClassDiff extends Sides<number> {
  readonly value: string;
}

export interface TableDiff {
  readonly table: string;
  /** `same`: nothing that is told here is different, and neither are the bytes. */
  readonly change: Exclude<Change, 'retyped'>;
  readonly rows: Sides<number>;
  readonly rejects: Sides<number>;
  /** In the order of the newer table, removed ones behind. */
  readonly columns: readonly ColumnDiff[];
  /** Of the target column; its most frequent values where it has many. */
  readonly classes: readonly ClassDiff[];
}

/** Of a table that is published, or is about to be. */
export type ComparedTable = Pick<DescribedTable, 'name' | 'rows' | 'rejects' | 'columns'> & {
  readonly parts: readonly { readonly sha256: string }[];
  readonly rejectsPart?: { readonly sha256: string };
};

/** By name; tables, columns and classes that are on one side only included. */
export function diffVersions(
  before: readonly ComparedTable[],
  after: readonly ComparedTable[],
  targetColumn: string | undefined,
): TableDiff[] {
  return pairs(before, after, ({ name }) => name)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([table, old, now]) => diffTable(table, old, now, targetColumn));
}

function diffTable(
  table: string,
  old: ComparedTable | undefined,
  now: ComparedTable | undefined,
  targetColumn: string | undefined,
): TableDiff {
  const columns = pairs(old?.columns ?? [], now?.columns ?? [], ({ name }) => name).map(
    ([column, one, other]) => diffColumn(column, one, other),
  );
  return {
    table,
    change: presence(old, now) ?? (bytesOf(old) === bytesOf(now) ? 'same' : 'changed'),
    rows: { before: old?.rows, after: now?.rows },
    rejects: { before: old?.rejects, after: now?.rejects },
    columns,
    classes: diffClasses(
      classesOf(targetOf(old, targetColumn)),
      classesOf(targetOf(now, targetColumn)),
    ),
  };
}

function diffColumn(
  column: string,
  old: ColumnDescription | undefined,
  now: ColumnDescription | undefined,
): ColumnDiff {
  const type = { before: old?.type, after: now?.type };
  const nulls = { before: numberOf(old, 'nullCount'), after: numberOf(now, 'nullCount') };
  const min = { before: textOf(old, 'min'), after: textOf(now, 'min') };
  const max = { before: textOf(old, 'max'), after: textOf(now, 'max') };
  const isSame = [nulls, min, max].every((sides) => sides.before === sides.after);
  const change = type.before === type.after ? (isSame ? 'same' : 'changed') : 'retyped';
  return { column, change: presence(old, now) ?? change, type, nulls, min, max };
}

function presence(old: unknown, now: unknown): 'added' | 'removed' | undefined {
  if (old === undefined) return 'added';
  return now === undefined ? 'removed' : undefined;
}

/** Equal Parquet is equal whatever its keys are. */
function bytesOf(table: ComparedTable | undefined): string {
  const parts = [...(table?.parts ?? []), ...(table?.rejectsPart ? [table.rejectsPart] : [])];
  return parts.map(({ sha256 }) => sha256).join(' ');
}

function diffClasses(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): ClassDiff[] {
  return [...new Set([...after.keys(), ...before.keys()])].map((value) => ({
    value,
    before: before.get(value),
    after: after.get(value),
  }));
}

/** By its name in the table, or in the source. */
export function targetOf(
  table: ComparedTable | undefined,
  targetColumn: string | undefined,
): ColumnDescription | undefined {
  return table?.columns.find(({ name, originalName }) =>
    [name, originalName].some((one) => one === targetColumn),
  );
}

/** How often each of the most frequent values stands there, or in its sample. */
export function classesOf(
  column: Pick<ColumnDescription, 'stats'> | undefined,
): ReadonlyMap<string, number> {
  const frequent = column?.stats.mostFrequent;
  if (!Array.isArray(frequent)) return new Map();
  return new Map(
    frequent.flatMap((one: unknown) => {
      const { value, count } = (one ?? {}) as { value?: unknown; count?: unknown };
      return typeof value === 'string' && typeof count === 'number' ? [[value, count]] : [];
    }),
  );
}

function numberOf(column: ColumnDescription | undefined, name: string): number | undefined {
  const value = column?.stats[name];
  return typeof value === 'number' ? value : undefined;
}

function textOf(column: ColumnDescription | undefined, name: string): string | undefined {
  const value = column?.stats[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** What is called the same on both sides, in the order of the newer side; what only the older has, behind. */
function pairs<Item>(
  before: readonly Item[],
  after: readonly Item[],
  nameOf: (item: Item) => string,
): [name: string, before: Item | undefined, after: Item | undefined][] {
  const byName = (items: readonly Item[]) => new Map(items.map((item) => [nameOf(item), item]));
  const [old, now] = [byName(before), byName(after)];
  return [...new Set([...now.keys(), ...old.keys()])].map((name) => [
    name,
    old.get(name),
    now.get(name),
  ]);
}
