/** Where the Iceberg catalog does not show what ours says is current. */
import type { Catalog } from '../catalog/index.js';
import type { ObjectStore } from '../store/index.js';

export interface IcebergProblem {
  readonly table: string;
  /** Of the metadata file that should be shown. */
  readonly key: string;
  readonly expected: string;
  readonly found: string;
}

/** Of the current version; a publication in this moment is none. */
export async function icebergProblems(
  { catalog, store }: { readonly catalog: Catalog; readonly store: ObjectStore },
  dataset: string,
): Promise<IcebergProblem[]> {
  for (;;) {
    const current = await catalog.findPublication(dataset);
    const { tables, rows } = await catalog.icebergHistory(dataset);
    const again = await catalog.findPublication(dataset);
    if (current?.generation !== again?.generation) continue;
    const shown = new Set(rows.map(({ location }) => location));
    return tables
      .filter(
        ({ prefix, iceberg }) =>
          prefix === current?.prefix && !shown.has(iceberg.metadata.location),
      )
      .map(({ table, iceberg }) => ({
        ...{ table, key: iceberg.metadata.key },
        expected: `a row of iceberg_tables that names ${store.location(iceberg.metadata.key)}`,
        found: 'none: another tool has dropped or changed the table',
      }));
  }
}
