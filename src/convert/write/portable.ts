/** Types of a typed source that not every engine reads, and what their values are written as instead. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { parseDuckDbType, type DuckDbType } from '../../iceberg/duckdb-type.js';
import { quoteIdentifier, type RelationColumn, type TextRelation } from '../relation.js';

/** Spark reads none of them, polars and hyparquet not all: as the text that DuckDB prints, which says it all. */
const AS_TEXT = new Set([
  ...['TIME', 'TIME_NS', 'TIME WITH TIME ZONE', 'TIMESTAMP_NS', 'INTERVAL', 'UUID'],
  ...['JSON', 'VARIANT'],
]);

/** Of these, readers take another type of the same values: Iceberg has no unsigned integers of 32 bits. */
const WIDER: Readonly<Record<string, string>> = { UINTEGER: 'BIGINT' };

/** Types that a column is given where it holds every one of its values; within nested values nobody looks. */
const WHERE_IT_FITS: Readonly<Record<string, string>> = {
  TIMESTAMP_NS: 'TIMESTAMP',
  UBIGINT: 'BIGINT',
};

export const AS_TEXT_RULE = 'copied as text';
export const BY_VALUE_RULE = 'copied by value';

interface Rewritten {
  readonly column: RelationColumn;
  readonly type: string;
  readonly cast: string;
  /** True when a value of it, or within it, became text. */
  readonly isText: boolean;
}

/** The same rows in types that every engine reads; a warning names the columns that became text. */
export async function portable(
  connection: DuckDBConnection,
  relation: TextRelation,
): Promise<TextRelation> {
  const fitting = await fittingTypes(connection, relation);
  const rewritten = new Map<string, Rewritten>();
  for (const column of relation.columns) {
    const found = rewrittenColumn(column, fitting.get(column.name));
    if (found) rewritten.set(column.name, found);
  }
  if (rewritten.size === 0) return relation;
  const list = relation.columns.map(({ name }) => {
    const { cast } = rewritten.get(name) ?? {};
    return cast === undefined ? quoteIdentifier(name) : `${cast} AS ${quoteIdentifier(name)}`;
  });
  return {
    ...relation,
    sql: `(SELECT ${list.join(', ')} FROM ${relation.sql})`,
    columns: relation.columns.map((column) => {
      const found = rewritten.get(column.name);
      if (!found) return column;
      return {
        ...column,
        typed: found.type,
        typedRule: found.isText ? AS_TEXT_RULE : BY_VALUE_RULE,
      };
    }),
    warnings: [...relation.warnings, ...warningOf([...rewritten.values()])],
  };
}

function rewrittenColumn(column: RelationColumn, fitting?: string): Rewritten | undefined {
  const type = column.typed === undefined ? undefined : parseDuckDbType(column.typed);
  if (!type) return undefined;
  const name = quoteIdentifier(column.name);
  if (fitting !== undefined)
    return { column, type: fitting, cast: `${name}::${fitting}`, isText: false };
  const written = portableType(type);
  if (written === typeSql(type)) return undefined;
  // A cast of a VARIANT to text gives no JSON.
  const isVariant = type.kind === 'plain' && type.name === 'VARIANT';
  const cast = `${name}${isVariant ? '::JSON' : ''}::${written}`;
  return { column, type: written, cast, isText: holdsText(type) };
}

/** By column name: where the narrower type holds every value. */
async function fittingTypes(
  connection: DuckDBConnection,
  { sql, columns }: TextRelation,
): Promise<Map<string, string>> {
  const asked = columns.flatMap(({ name, typed = '' }) => {
    const type = WHERE_IT_FITS[typed];
    return type === undefined ? [] : [{ name, typed, type }];
  });
  if (asked.length === 0) return new Map();
  const held = asked.map(({ name, typed, type }) => {
    const x = quoteIdentifier(name);
    return `coalesce(bool_and(try_cast(${x} AS ${type})::${typed} IS NOT DISTINCT FROM ${x}), true)`;
  });
  const reader = await connection.runAndReadAll(`SELECT ${held.join(', ')} FROM ${sql}`);
  const holds = reader.getRows()[0]!;
  return new Map(asked.filter((_one, at) => holds[at]).map(({ name, type }) => [name, type]));
}

function portableType(type: DuckDbType): string {
  if (type.kind !== 'plain') return typeSql(type, portableType);
  return AS_TEXT.has(type.name) ? 'VARCHAR' : (WIDER[type.name] ?? typeSql(type));
}

function holdsText(type: DuckDbType): boolean {
  if (type.kind === 'list') return holdsText(type.element);
  if (type.kind === 'map') return holdsText(type.key) || holdsText(type.value);
  if (type.kind === 'plain') return AS_TEXT.has(type.name);
  return type.fields.some((field) => holdsText(field.type));
}

/** As DuckDB spells it, but that every name is quoted. */
function typeSql(type: DuckDbType, inner: (type: DuckDbType) => string = typeSql): string {
  if (type.kind === 'list') return `${inner(type.element)}[]`;
  if (type.kind === 'map') return `MAP(${inner(type.key)}, ${inner(type.value)})`;
  if (type.kind === 'plain')
    return type.numbers.length > 0 ? `${type.name}(${type.numbers.join(',')})` : type.name;
  const fields = type.fields.map((field) => `${quoteIdentifier(field.name)} ${inner(field.type)}`);
  return `STRUCT(${fields.join(', ')})`;
}

function warningOf(columns: readonly Rewritten[]): string[] {
  const texts = columns.filter(({ isText }) => isText);
  if (texts.length === 0) return [];
  const named = texts.map(({ column }) => `${column.name} (${column.typed})`).join(', ');
  return [
    `written as text, which every engine reads: ${named}; \`parquet: compact\` keeps the types`,
  ];
}
