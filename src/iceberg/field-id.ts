/** Field ids without a memory: the same column of the same kind has the same id in every version of a table. */
import { hash } from 'node:crypto';
import { parseDuckDbType, type DuckDbType } from './duckdb-type.js';

export interface SourceColumn {
  /** As the Parquet spells it. */
  readonly name: string;
  /** As DuckDB spells it. */
  readonly type: string;
}

/** A column, or what is nested in one: the fields of a struct, the `element` of a list, `key` and `value` of a map. */
export interface IdentifiedField {
  readonly id: number;
  readonly name: string;
  /** Absent where it is spelled in a way that we do not read. */
  readonly type?: DuckDbType;
  readonly within: readonly IdentifiedField[];
}

/** Leaves room above for the columns that others may add, and for the ids that Iceberg keeps for itself. */
const ID_BITS = 30;

/** Every field of a Parquet file has an id: some readers take none when one is missing. Unique within the table. */
export function identify(columns: readonly SourceColumn[]): IdentifiedField[] {
  return columns.map(createIdentifier());
}

/** For one column after another, in their order: which id is free depends on those before. */
export function createIdentifier(): (column: SourceColumn) => IdentifiedField {
  const taken = new Set<number>();
  return ({ name, type }) => identifyField(taken, [], name, parseDuckDbType(type));
}

function identifyField(
  taken: Set<number>,
  parents: readonly string[],
  name: string,
  type: DuckDbType | undefined,
): IdentifiedField {
  const path = [...parents, name];
  const id = freeId(taken, path, kindOf(type));
  const within = parts(type).map((part) => identifyField(taken, path, part.name, part.type));
  return { id, name, ...(type && { type }), within };
}

function parts(type: DuckDbType | undefined) {
  if (type?.kind === 'struct') return type.fields;
  if (type?.kind === 'list') return [{ name: 'element', type: type.element }];
  if (type?.kind !== 'map') return [];
  return [
    { name: 'key', type: type.key },
    { name: 'value', type: type.value },
  ];
}

/**
 * What Iceberg lets a column grow within, from int to long or to decimals of more digits, keeps its id. A column that
 * becomes another kind of thing is another column.
 */
function kindOf(type: DuckDbType | undefined): string {
  if (type?.kind !== 'plain') return type?.kind ?? 'other';
  const { name, numbers } = type;
  if (/^(U?(TINY|SMALL)INT|INTEGER|BIGINT)$/.test(name)) return 'integer';
  if (/^(FLOAT|DOUBLE)$/.test(name)) return 'floating';
  return name === 'DECIMAL' ? `decimal of scale ${numbers[1] ?? 0}` : name;
}

/** Of 50 columns, two meet once in a million tables; of 20,000, in one of six: the next id is free then. */
function freeId(taken: Set<number>, path: readonly string[], kind: string): number {
  const digest = hash('sha256', JSON.stringify([path, kind]), 'buffer');
  let id = (digest.readUInt32BE(0) >>> (32 - ID_BITS)) + 1;
  while (taken.has(id)) id = (id % 2 ** ID_BITS) + 1;
  taken.add(id);
  return id;
}
