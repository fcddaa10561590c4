/** Rows for TypeScript: an absent value is absent, an instant is ISO 8601. */
import type { Database } from './database.js';

export async function readRows<T>(
  database: Database,
  statement: string,
  values: readonly unknown[] = [],
): Promise<T[]> {
  return (await database.query(statement, values)).map((row) => plain(row) as T);
}

function plain(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]),
  );
}
