/** Lists the tables within a file that may hold several. */
import type { DatasetEntry } from '../../config/datasets.js';
import { jsonTables } from '../read/json/json-records.js';
import { listTables } from '../read/sqlite/tables.js';
import { asUnreadable, openDatabase } from '../read/sqlite/database.js';
import { readSheet } from '../read/workbook/sheet.js';
import { findRegion } from '../read/workbook/sheet-region.js';
import { tablesOfSheet } from '../read/workbook/sheet-tables.js';
import { openWorkbook, type Workbook } from '../read/workbook/workbook.js';
import { transportTables } from '../read/sas/transport-records.js';
import type { TableFormat } from '../types.js';
import type { UnpackBudget } from './budget.js';

/** `reason`: why it is no table, in words. `onRequest`: it is one when `files: include:` names it. */
export interface Inside {
  readonly name: string;
  readonly reason?: string;
  readonly onRequest?: boolean;
}

interface File {
  readonly path: string;
  readonly absolutePath: string;
}

/**
 * `undefined` for a file that is one table itself.
 * @throws FORMAT_UNREADABLE, ARCHIVE_TOO_LARGE when a workbook, a zip file, declares more than the limits allow,
 *   ARCHIVE_UNSAFE, ARCHIVE_DAMAGED, ARCHIVE_ENCRYPTED
 */
export async function tablesInside(
  file: File,
  format: TableFormat,
  budget: UnpackBudget,
  sheets: DatasetEntry['sheets'],
): Promise<Inside[] | undefined> {
  if (format === 'workbook') return sheetsOf(file, budget, sheets);
  if (format === 'sqlite') return databaseTables(file);
  if (format !== 'json' && format !== 'sas_transport') return undefined;
  const listOf = format === 'json' ? jsonTables : transportTables;
  const lists = await listOf(file.absolutePath, file.path);
  return lists.length === 0 ? undefined : lists.map((name) => ({ name }));
}

async function sheetsOf(
  { path, absolutePath }: File,
  budget: UnpackBudget,
  pinned: DatasetEntry['sheets'],
): Promise<Inside[]> {
  const expect = (bytes: number): void => budget.expect(bytes, path);
  const top = await openWorkbook(absolutePath, path, { rows: TOP_ROWS, expect });
  const inside: Inside[] = [];
  for (const name of top.sheets) {
    const above = insideSheet(top, name, path, pinned);
    // Where nothing is found above, there may be something further below.
    const isFound = above.every(({ reason }) => reason === undefined);
    if (isFound || !top.sheet(name)) inside.push(...above);
    else {
      const whole = await openWorkbook(absolutePath, path, { only: name });
      inside.push(...insideSheet(whole, name, path, pinned));
    }
  }
  return inside;
}

/** In so many rows a table shows itself: those below can only add to it. */
const TOP_ROWS = 5000;

function insideSheet(
  book: Workbook,
  name: string,
  path: string,
  pinned: DatasetEntry['sheets'],
): Inside[] {
  const sheet = book.sheet(name);
  if (!sheet) return [{ name, reason: 'not tabular: a sheet without cells, such as a chart' }];
  const tables = tablesOfSheet(path, name, pinned);
  const { rows } = readSheet(sheet, book.calendar);
  if (rows.length === 0) return [{ name, reason: 'empty' }];
  // A range that a person has pinned is a table, or an error.
  return findRegion(rows) || tables.some(({ pins }) => pins.range !== undefined)
    ? tables.map(({ inside }) => ({ name: inside }))
    : [{ name, reason: 'not tabular: a sheet without records' }];
}

async function databaseTables({ path, absolutePath }: File): Promise<Inside[]> {
  const at = { file: absolutePath, place: path, scratchFile: `${absolutePath}.copy` };
  const { database, close } = await openDatabase(at);
  try {
    return listTables(database).map(({ name, kind, isEmpty }) => {
      if (kind === 'virtual') return { name, reason: 'not tabular: a virtual table' };
      if (kind === 'view')
        return { name, reason: 'a view: name it in files: include:', onRequest: true };
      if (kind === 'description')
        return {
          name,
          reason: 'it describes the tables of a GeoPackage: name it in files: include:',
          onRequest: true,
        };
      return isEmpty ? { name, reason: 'a table without rows' } : { name };
    });
  } catch (error) {
    throw asUnreadable(error, path);
  } finally {
    await close();
  }
}
