/** What a database holds: its tables, their columns, what refers to what. */
import { quoted, type Database } from './database.js';

export interface DatabaseTable {
  readonly name: string;
  /** Virtual tables need programs that are not here; they are no tables of data. Descriptions are about the other tables. */
  readonly kind: 'table' | 'view' | 'virtual' | 'description';
  readonly isEmpty: boolean;
}

export interface DatabaseColumn {
  readonly name: string;
  /** As declared; a hint, for SQLite stores any value in any column. `''` when there is none. */
  readonly type: string;
}

/** What virtual tables keep beside them, by their module: SQLite knows it of those alone that this build has. */
const SHADOWS: ReadonlyArray<readonly [module: RegExp, names: string]> = [
  [/^rtree/i, 'node rowid parent'],
  [/^geopoly/i, 'node rowid parent'],
  [/^fts[34]$/i, 'content segments segdir docsize stat'],
  [/^fts5$/i, 'data idx content docsize config'],
];
const VIRTUAL_TABLE =
  /^\s*create\s+virtual\s+table\s+(?:if\s+not\s+exists\s+)?(?:"(?:[^"]|"")*"|\[[^\]]*\]|`[^`]*`|[^\s"[`]+)\s+using\s+(\w+)/i;
/** GeoPackage 1.3, 1.1.1: what describes the tables of data begins so. */
const DESCRIBES = /^gpkg_/i;

/** In the order of their names; without those that SQLite keeps for itself, and that virtual tables keep. */
export function listTables(database: Database): DatabaseTable[] {
  const rows = database.all(
    `SELECT name, type FROM pragma_table_list
      WHERE schema = 'main' AND type <> 'shadow' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
      ORDER BY name`,
  ) as unknown as Array<{ name: string; type: 'table' | 'view' | 'virtual' }>;
  const shadows = shadowNames(database);
  const isGeoPackage = rows.some(({ name }) => name === 'gpkg_contents');
  const shown = rows.filter(({ name }) => !shadows.has(name.toLowerCase()));
  return shown.map(({ name, type }) => ({
    name,
    kind: isGeoPackage && DESCRIBES.test(name) ? 'description' : type,
    isEmpty: type === 'table' && database.get(`SELECT 1 FROM ${quoted(name)} LIMIT 1`) === null,
  }));
}

/** In lower case, as SQLite compares them. */
function shadowNames(database: Database): ReadonlySet<string> {
  const virtual = database.all(
    "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL",
  ) as unknown as Array<{ name: string; sql: string }>;
  return new Set(
    virtual.flatMap(({ name, sql }) => {
      const module = VIRTUAL_TABLE.exec(sql)?.[1] ?? '';
      const suffixes = SHADOWS.find(([known]) => known.test(module))?.[1].split(' ') ?? [];
      return suffixes.map((suffix) => `${name}_${suffix}`.toLowerCase());
    }),
  );
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
