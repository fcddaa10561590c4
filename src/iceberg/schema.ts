/** The columns of a table as an Iceberg schema; what Iceberg has no type for is left out of it, and told. */
import { setImmediate as turn } from 'node:timers/promises';
import type { DuckDbType } from './duckdb-type.js';
import { createIdentifier, type IdentifiedField, type SourceColumn } from './field-id.js';
import type { IcebergType, NestedField, SnapshotSchema } from './types.js';

export interface DocumentedColumn extends SourceColumn {
  /** For people. */
  readonly doc?: string;
}

export interface BuiltSchema extends SnapshotSchema {
  /** What the Parquet calls each of the fields. */
  readonly columns: readonly string[];
  /** Columns that Iceberg v2 has no type for. */
  readonly leftOut: readonly SourceColumn[];
  /** Columns whose name another one has but for case, which Spark does not tell apart. */
  readonly renamed: ReadonlyArray<{ readonly column: string; readonly name: string }>;
}

/**
 * Unsigned integers of 32 bits and more are not here: readers would take the upper half for negative numbers.
 * Nor are nanoseconds and times with a zone, which Iceberg v2 has not.
 */
const PRIMITIVES: Readonly<Record<string, string>> = {
  BOOLEAN: 'boolean',
  ...{ TINYINT: 'int', SMALLINT: 'int', INTEGER: 'int', UTINYINT: 'int', USMALLINT: 'int' },
  BIGINT: 'long',
  FLOAT: 'float',
  DOUBLE: 'double',
  DATE: 'date',
  TIME: 'time',
  ...{ TIMESTAMP: 'timestamp', TIMESTAMP_S: 'timestamp', TIMESTAMP_MS: 'timestamp' },
  ...{ 'TIMESTAMP WITH TIME ZONE': 'timestamptz', TIMESTAMPTZ: 'timestamptz' },
  ...{ VARCHAR: 'string', JSON: 'string' },
  UUID: 'uuid',
  BLOB: 'binary',
};

/** Tens of thousands of columns take longer than anything else may wait for the thread of the worker. */
const COLUMNS_A_TURN = 1000;

export async function buildSchema(columns: readonly DocumentedColumn[]): Promise<BuiltSchema> {
  const identify = createIdentifier();
  const identified: IdentifiedField[] = [];
  for (const column of columns) {
    identified.push(identify(column));
    if (identified.length % COLUMNS_A_TURN === 0) await turn();
  }
  const namer = new Namer();
  const kept = identified.flatMap((field, index) => (isExpressible(field) ? [index] : []));
  const fields = kept.map((index): NestedField => {
    const { doc } = columns[index]!;
    return { ...nestedField(namer, [], identified[index]!), ...(doc !== undefined && { doc }) };
  });
  return {
    fields,
    columns: kept.map((index) => columns[index]!.name),
    lastColumnId: highestId(identified),
    leftOut: columns.filter((_column, index) => !isExpressible(identified[index]!)),
    renamed: namer.renamed,
  };
}

function isExpressible({ type, within }: IdentifiedField): boolean {
  if (type?.kind === 'plain') return primitive(type) !== undefined;
  return type !== undefined && within.every(isExpressible);
}

function primitive({ name, numbers }: Extract<DuckDbType, { kind: 'plain' }>): string | undefined {
  if (name !== 'DECIMAL') return PRIMITIVES[name];
  const [precision = 18, scale = 3] = numbers;
  return `decimal(${precision}, ${scale})`;
}

function nestedField(namer: Namer, parents: readonly string[], field: IdentifiedField) {
  const name = namer.nameOf(parents, field.name);
  const type = icebergType(namer, [...parents, name], field);
  return { id: field.id, name, required: false, type };
}

function icebergType(
  namer: Namer,
  path: readonly string[],
  { type, within }: IdentifiedField,
): IcebergType {
  if (type!.kind === 'plain') return primitive(type!)!;
  const fields = within.map((field) => nestedField(namer, path, field));
  if (type!.kind === 'struct') return { type: 'struct', fields };
  const [first, second] = fields;
  if (type!.kind === 'list') {
    return {
      ...{ type: 'list', 'element-id': first!.id, element: first!.type },
      'element-required': false,
    };
  }
  return {
    ...{ type: 'map', 'key-id': first!.id, key: first!.type },
    ...{ 'value-id': second!.id, value: second!.type, 'value-required': false },
  };
}

/** Of all, also of those that are left out: their ids stand in the Parquet. */
function highestId(fields: readonly IdentifiedField[]): number {
  return fields.reduce((most, { id, within }) => Math.max(most, id, highestId(within)), 0);
}

/** Gives names that differ by more than case, with dots between those of nested fields: so readers look them up. */
class Namer {
  readonly renamed: Array<{ column: string; name: string }> = [];
  readonly #taken = new Set<string>();

  nameOf(parents: readonly string[], column: string): string {
    const full = (name: string): string => [...parents, name].join('.').toLowerCase();
    let name = column;
    for (let copy = 2; this.#taken.has(full(name)); copy += 1) name = `${column}_${copy}`;
    this.#taken.add(full(name));
    if (name !== column) this.renamed.push({ column: [...parents, column].join('.'), name });
    return name;
  }
}
