/** Which published tables a query reads. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { ImportError } from '../errors/index.js';

/** A table as the query spells it. */
export interface NamedTable {
  /** The dataset, where one is named before the dot. */
  readonly schema?: string;
  readonly name: string;
}

interface Serialized {
  readonly error: boolean;
  readonly error_message?: string;
  readonly statements?: readonly unknown[];
}

/**
 * Read from DuckDB's own syntax tree, so that names in texts, comments and `WITH` are not taken for tables.
 * Throws SQL_FAILED for what is no single SELECT: a query changes nothing.
 */
export async function tablesOfQuery(
  connection: DuckDBConnection,
  sql: string,
): Promise<readonly NamedTable[]> {
  const reader = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
  const tree = JSON.parse(String(reader.getRows()[0]![0])) as Serialized;
  if (tree.error || tree.statements?.length !== 1) {
    throw new ImportError('SQL_FAILED', {
      expected: 'one SELECT',
      found: tree.error_message ?? `${tree.statements?.length ?? 0} statements`,
    });
  }
  const found = new Map<string, NamedTable>();
  const common = new Set<string>();
  visit(tree.statements, (node) => {
    for (const { key } of cteEntries(node)) common.add(key);
    const { type, table_name: name, schema_name: schema } = node;
    if (type !== 'BASE_TABLE' || typeof name !== 'string') return;
    const named = { name, ...(typeof schema === 'string' && schema !== '' && { schema }) };
    found.set(JSON.stringify(named), named);
  });
  return [...found.values()].filter(
    ({ schema, name }) => schema !== undefined || !common.has(name),
  );
}

type Node = Readonly<Record<string, unknown>>;

function visit(value: unknown, look: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, look);
  } else if (typeof value === 'object' && value !== null) {
    look(value as Node);
    for (const item of Object.values(value)) visit(item, look);
  }
}

function cteEntries(node: Node): readonly { readonly key: string }[] {
  const { map } = (node['cte_map'] ?? {}) as { map?: readonly { readonly key: string }[] };
  return map ?? [];
}
