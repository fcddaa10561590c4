/** `export`: published tables as files for other tools, whatever their size. */
import { join, resolve } from 'node:path';
import type { DescribedTable } from '../catalog/index.js';
import { ImportError } from '../errors/index.js';
import {
  chooseTable,
  exportTable,
  findVersion,
  parseHandle,
  respelled,
  withPublished,
  type ExportFormat,
} from '../published/index.js';
import { commandEnvironment, type CommandContext } from './context.js';
import { transferNote } from './transfer-note.js';

export interface ExportOptions {
  readonly format: ExportFormat;
  /** A file, or a folder when it ends in `/` or when there are several tables; stdout when absent. */
  readonly to?: string;
  /** Of the source; the current one when absent. */
  readonly version?: string;
}

export async function exportTables(
  named: string,
  { format, to, version: wanted }: ExportOptions,
  context: CommandContext,
): Promise<void> {
  const handle = { ...parseHandle(named), ...(wanted !== undefined && { version: wanted }) };
  const { signal, result, note } = context;
  const environment = await commandEnvironment();
  await withPublished(environment, signal, async ({ catalog, store, connection, directory }) => {
    const { dataset, version, tables } = await findVersion(catalog, handle);
    const chosen = handle.table === undefined ? tables : [chooseTable(tables, handle)];
    if (to === undefined) requireOneText(chosen, format, dataset);
    const written = [];
    for (const table of chosen) {
      const { name, parquetBytes, rows } = table;
      const target = to === undefined ? undefined : targetFile(to, name, chosen.length, format);
      const onBytes = transferNote(name, parquetBytes, context);
      const request = { table, format, store, directory, signal, onBytes };
      await exportTable(connection, { ...request, ...(target !== undefined && { target }) });
      if (format === 'csv') {
        for (const [reason, columns] of respelled(table.columns)) {
          note(`${name}: ${reason}: ${columns.join(', ')}`);
        }
      }
      written.push({ table: name, rows, file: target });
    }
    if (to === undefined) return;
    const lines = written.map(({ table, rows, file }) => `${table}: ${rows} rows in ${file}`);
    result({ dataset, version: version.sourceVersion, written }, lines.join('\n'));
  });
}

/** Several tables, or bytes, make no sense in one stream of text. */
function requireOneText(
  tables: readonly DescribedTable[],
  format: ExportFormat,
  dataset: string,
): void {
  if (tables.length === 1 && format !== 'parquet') return;
  const several = `several tables: ${tables.map(({ name }) => name).join(', ')}`;
  throw new ImportError('USAGE', {
    place: dataset,
    expected: '--to with a folder',
    found: tables.length === 1 ? 'bytes for stdout' : several,
    nextStep: `Name a folder, \`kaggle-import export ${dataset} --format ${format} --to ${dataset}/\`, or one table.`,
  });
}

function targetFile(to: string, name: string, tables: number, format: ExportFormat): string {
  return tables > 1 || to.endsWith('/') ? join(resolve(to), `${name}.${format}`) : resolve(to);
}
