/** `head`: the first rows of a published table. */
import {
  fetchHead,
  findTable,
  parseHandle,
  selectFrom,
  withPublished,
} from '../published/index.js';
import { commandEnvironment, type CommandContext } from './context.js';
import { printRows } from './query-rows.js';

export async function head(named: string, rows: number, context: CommandContext): Promise<void> {
  const handle = parseHandle(named);
  const { signal } = context;
  const environment = await commandEnvironment();
  await withPublished(environment, signal, async ({ catalog, store, connection, directory }) => {
    const { table } = await findTable(catalog, handle);
    // A row group that was not fetched is a hole: one thread reads none ahead.
    await connection.run('SET threads = 1');
    const files: string[] = [];
    for (let at = 0, found = 0; at < table.parts.length && found < rows; at += 1) {
      const part = table.parts[at]!;
      const request = { store, directory, signal };
      files.push(await fetchHead(connection, part, rows - found, request));
      found += part.rows;
    }
    await printRows(connection, `${selectFrom(files)} LIMIT ${rows}`, rows, context);
  });
}
