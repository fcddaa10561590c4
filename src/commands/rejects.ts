/** `rejects`: the records of a source that are no rows, and why. */
import {
  chooseTable,
  fetchPart,
  findVersion,
  parseHandle,
  selectFrom,
  withPublished,
} from '../published/index.js';
import { commandEnvironment, type CommandContext } from './context.js';
import { printRows } from './query-rows.js';

export async function rejects(
  named: string,
  limit: number,
  context: CommandContext,
): Promise<void> {
  const handle = parseHandle(named);
  const { signal, result, note } = context;
  const environment = await commandEnvironment();
  await withPublished(environment, signal, async ({ catalog, store, connection, directory }) => {
    const { dataset, tables } = await findVersion(catalog, handle);
    const chosen = handle.table === undefined ? tables : [chooseTable(tables, handle)];
    const rejected = chosen.filter(({ rejectsPart }) => rejectsPart !== undefined);
    if (rejected.length === 0) {
      result([], `${dataset}: every record of the source is a row.`);
      return;
    }
    const pieces: string[] = [];
    for (const { name, rejectsPart, rejects: count } of rejected) {
      const file = await fetchPart(rejectsPart!, { store, directory, signal });
      pieces.push(`SELECT '${name}' AS "table", * FROM (${selectFrom([file])})`);
      if (count > rejectsPart!.rows) {
        note(`${name}: the first ${rejectsPart!.rows} of ${count} rejects were kept.`);
      }
    }
    await printRows(connection, pieces.join(' UNION ALL '), limit, context);
  });
}
