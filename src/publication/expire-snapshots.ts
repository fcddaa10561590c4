/** Writes the metadata of a dataset's Iceberg tables anew when it knows versions that are removed. */
import { namespaceOf, withIceberg, type IcebergPlace } from './iceberg.js';
import { contentOfVersion } from './iceberg-tables.js';

/**
 * Once the versions are marked as removed. The history is read behind the fence, so that a publication under way has
 * either committed before, or finds that its own metadata is outdated. Writes nothing where nothing is to be forgotten.
 */
export async function expireSnapshots(
  place: IcebergPlace,
  dataset: string,
  signal: AbortSignal,
): Promise<void> {
  const { catalog, iceberg } = place;
  const current = await catalog.findPublication(dataset);
  if (!current) return;
  const { tables, rows } = await catalog.icebergHistory(dataset);
  const published = tables.filter((table) => table.published);
  const stored = new Set(published.map(({ prefix }) => prefix));
  const shown = published.filter(({ prefix }) => prefix === current.prefix);
  const namespace = namespaceOf(iceberg, dataset);
  const isShown = rows.every((row) =>
    shown.some(
      (table) =>
        table.iceberg.metadata.location === row.location &&
        row.catalogName === iceberg.catalog &&
        row.namespace === namespace,
    ),
  );
  const isKept = shown.every((table) => table.iceberg.prefixes.every((one) => stored.has(one)));
  if (isShown && isKept) return;
  const content = await contentOfVersion(catalog, dataset, current.versionId);
  await withIceberg(place, content, signal, (move) =>
    catalog.renewIceberg(dataset, current.versionId, move),
  );
}
