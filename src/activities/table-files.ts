/** What is known of each table, on the disk of its host: payloads carry names, or thousands of tables outgrow them. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TableSource } from '../convert/types.js';
import { ImportError } from '../errors/index.js';
import { requireWorkFile } from './work-directory.js';

/** A table by its name; one of a worker of the version before carries all of it. */
export type Named<Table extends { readonly name: string }> = Pick<Table, 'name'> & Partial<Table>;

type Kind = 'sources' | 'stored' | 'failed';

const fileOf = (workDirectory: string, kind: Kind, name: string): string =>
  join(workDirectory, kind, `${name}.json`);

/** Again with the same content, or none: a killed writer leaves nothing half-written. */
export async function keepTable(
  workDirectory: string,
  kind: Kind,
  table: { readonly name: string },
): Promise<void> {
  const file = fileOf(workDirectory, kind, table.name);
  await mkdir(join(workDirectory, kind), { recursive: true });
  await writeFile(`${file}.tmp`, JSON.stringify(table));
  await rename(`${file}.tmp`, file);
}

/** Throws WORK_FILES_MISSING when another host, or a clean-up, has the files. */
export async function keptTable<Table extends { readonly name: string }>(
  workDirectory: string,
  kind: Kind,
  table: Named<Table>,
  isWhole: (table: Named<Table>) => table is Table,
): Promise<Table> {
  if (isWhole(table)) return table;
  const file = fileOf(workDirectory, kind, table.name);
  await requireWorkFile(file);
  return JSON.parse(await readFile(file, 'utf8')) as Table;
}

/** Each costs the history of its import 12 events of the 51,200 that Temporal allows. */
const MAX_TABLES = 3000;
/** Of the 50 MB that a history may take, with room for what is not foreseen. */
const MAX_HISTORY_BYTES = 40e6;
/** Of the 2 MB that a payload may take. */
const MAX_PAYLOAD_BYTES = 1.5e6;
/** What a table adds to the history beside the plan that its conversion is given: results, names, headers. */
const TABLE_BYTES = 5_000;

/** Before any of them is converted. Throws TOO_MANY_TABLES. */
export function requireRoom(dataset: string, tables: readonly TableSource[], plan: object): void {
  const names = tables.reduce((sum, { name }) => sum + Buffer.byteLength(name) + 12, 0);
  const planBytes = Buffer.byteLength(JSON.stringify(plan));
  const most = Math.min(MAX_TABLES, Math.floor(MAX_HISTORY_BYTES / (planBytes + TABLE_BYTES)));
  if (tables.length <= most && names <= MAX_PAYLOAD_BYTES) return;
  const expected =
    tables.length > most
      ? `at most ${most}${most < MAX_TABLES ? ' with an entry of that size' : ''}`
      : `names of at most ${MAX_PAYLOAD_BYTES} bytes together`;
  const found = tables.length > most ? `${tables.length}` : `${names} bytes`;
  throw new ImportError('TOO_MANY_TABLES', { place: dataset, expected, found });
}
