/** `sql`: a query over published tables by their names. */
import {
  createView,
  fetchParts,
  findTable,
  parseHandle,
  tablesOfQuery,
  withPublished,
  type NamedTable,
  type Published,
} from '../published/index.js';
import { ImportError } from '../errors/index.js';
import { commandEnvironment, type CommandContext } from './context.js';
import { printRows } from './query-rows.js';
import { transferNote } from './transfer-note.js';

export interface SqlOptions {
  readonly limit: number;
  /** `dataset@version` for each dataset that is not to be read as it is now. */
  readonly at: readonly string[];
}

export async function sql(
  query: string,
  { limit, at }: SqlOptions,
  context: CommandContext,
): Promise<void> {
  const { signal } = context;
  const versions = new Map(at.map(parseHandle).map(({ dataset, version }) => [dataset, version]));
  await withPublished(await commandEnvironment(), signal, async (published) => {
    const { connection } = published;
    for (const table of await tablesOfQuery(connection, query)) {
      await provide(table, versions, published, context);
    }
    // What DuckDB says of a query is said to the person who wrote it.
    await printRows(connection, query.replace(/;\s*$/, ''), limit, context).catch(
      (error: unknown) => {
        signal.throwIfAborted();
        throw new ImportError('SQL_FAILED', {
          found: error instanceof Error ? error.message : String(error),
          cause: error,
        });
      },
    );
  });
}

/** A name that is no dataset is left to DuckDB: a file of the person's own. */
async function provide(
  named: NamedTable,
  versions: ReadonlyMap<string, string | undefined>,
  { catalog, store, connection, directory }: Published,
  context: CommandContext,
): Promise<void> {
  const isFile = /[/\\]|\.\w+$/.test(named.name);
  if (isFile && named.schema === undefined) return;
  const dataset = named.schema ?? named.name;
  const version = versions.get(dataset);
  const handle = {
    dataset,
    ...(named.schema !== undefined && { table: named.name }),
    ...(version !== undefined && { version }),
  };
  const found = await findTable(catalog, handle);
  const request = { store, directory, signal: context.signal };
  const files = await fetchParts(found.table.parts, {
    ...request,
    onBytes: transferNote(handle.dataset, found.table.parquetBytes, context),
  });
  await createView(connection, named, files);
}
