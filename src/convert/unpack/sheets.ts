/** Lists the sheets of a workbook, after making sure that opening it is safe. */
import { readSheets } from '../read/workbook/workbook.js';
import type { UnpackBudget } from './budget.js';
import { zipMembers } from './zip.js';

/**
 * Name of each sheet, and whether it holds no cell.
 * @throws ARCHIVE_TOO_LARGE when the workbook, a zip file, declares more than the limits allow;
 *   ARCHIVE_UNSAFE, ARCHIVE_DAMAGED, ARCHIVE_ENCRYPTED, FORMAT_UNREADABLE
 */
export async function listSheets(
  file: { readonly path: string; readonly absolutePath: string },
  budget: UnpackBudget,
): Promise<Array<{ name: string; empty: boolean }>> {
  let declaredBytes = 0;
  for await (const member of zipMembers(file.absolutePath, file.path, () => undefined)) {
    declaredBytes += member.declaredBytes;
  }
  budget.expect(declaredBytes, file.path);
  const sheets = await readSheets(file.absolutePath, file.path);
  return sheets.map(({ name, rows }) => ({
    name,
    empty: rows.every((row) => row.every((cell) => cell === null || cell === '')),
  }));
}
