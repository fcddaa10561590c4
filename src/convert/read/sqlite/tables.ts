/** What a database holds: its tables, their columns, what refers to what. */
import { quoted, type Database } from './database.js';

export interface DatabaseTable {
  readonly name: string;
  /** Virtual tables need programs that are not here; they are no tables of data. */
  readonly kind: 'table' | 'view' | 'virtual';
  readonly isEmpty: boolean;
}

export interface DatabaseColumn {
  readonly name: string;
  /** As declared; a hint, for SQLite stores any value in any column. `''` when there is none. */
  readonly type: string;
}

/** In the order of their names; without those that SQLite keeps for itself. */
export function listTables(database: Database): DatabaseTable[] {
  const rows = database.all(
    `SELECT name, type FROM pragma_table_list
      WHERE schema = 'main' AND type <> 'shadow' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
      ORDER BY name`,
  ) as unknown as Array<Pick<DatabaseTable, 'name'> & { type: DatabaseTable['kind'] }>;
  return rows.map(({ name, type: kind }) => ({
    ...{ name, kind },
    isEmpty: kind === 'table' && database.get(`SELECT 1 FROM ${quoted(name)} LIMIT 1`) === null,
  }));
}

export function columnsOf(database: Database, table: string): DatabaseColumn[] {
  return database.all(
    // 1 is a column that a virtual table hides; generated ones are data.
    'SELECT name, type FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid',
    table,
  ) as unknown as DatabaseColumn[];
}

/** `customer_id -> customers(id)`, one for each column that refers to another table. */
export function foreignKeysOf(database: Database, table: string): string[] {
  const keys = database.all(
    'SELECT "from", "table", "to" FROM pragma_foreign_key_list(?) ORDER BY id, seq',
    table,
  ) as Array<{ from: string; table: string; to: string | null }>;
  return keys.map(({ from, table: other, to }) => `${from} -> ${other}${to ? `(${to})` : ''}`);
}
