/** What readers can see of a dataset, in the catalog and in the store, for comparisons in tests. */
import type { ImportSite } from './import-site.js';

export interface PublicationState {
  /** Rows of the current version; none before the first publication. */
  readonly currentRows?: number;
  readonly versions: number;
  readonly files: number;
  /** Outcomes of all runs, oldest first. */
  readonly outcomes: readonly string[];
  /** Keys below `datasets/<dataset>/`, without the version's prefix and the digests of Iceberg's files. */
  readonly objects: readonly string[];
}

export async function publicationState(
  site: ImportSite,
  dataset: string,
): Promise<PublicationState> {
  const [counts] = await site.query<{ rows: string | null; versions: string; files: string }>(`
    SELECT
      (SELECT v.row_count FROM datasets d JOIN dataset_versions v ON v.id = d.current_version_id
        WHERE d.dataset_name = '${dataset}') AS rows,
      (SELECT count(*) FROM dataset_versions v JOIN datasets d ON d.id = v.dataset_id
        WHERE d.dataset_name = '${dataset}') AS versions,
      (SELECT count(*) FROM dataset_files f JOIN dataset_versions v ON v.id = f.version_id
        JOIN datasets d ON d.id = v.dataset_id
        WHERE d.dataset_name = '${dataset}' AND f.logical_role = 'table') AS files`);
  const imports = await site.query<{ outcome: string }>(
    `SELECT outcome FROM imports WHERE dataset_name = '${dataset}' ORDER BY started_at`,
  );
  const below = `datasets/${dataset}/`;
  const objects = (await site.objects()).filter((key) => key.startsWith(below));
  return {
    ...(counts!.rows !== null && { currentRows: Number(counts!.rows) }),
    versions: Number(counts!.versions),
    files: Number(counts!.files),
    outcomes: imports.map(({ outcome }) => outcome),
    objects: objects.map((key) =>
      key
        .slice(below.length)
        .replace(/^v[^/]+\//, '')
        .replace(
          /[\da-f]{5}(?:-[\da-f]+)+(?=\.metadata)|(?<=(?:manifest|snap)-)[^/]+(?=\.avro)/,
          '*',
        ),
    ),
  };
}

/** After any number of imports of one version of one table: exactly this. */
export function publishedOnce(rows: number, outcomes: readonly string[]): PublicationState {
  const iceberg = ['*.metadata.json', 'manifest-*.avro', 'snap-*.avro'];
  const objects = [
    ...['current.json', 'croissant.json', 'datapackage.json'],
    ...iceberg.map((name) => `iceberg/people/${name}`),
    'people.parquet',
  ];
  return { currentRows: rows, versions: 1, files: 1, outcomes, objects };
}

/** After imports that did not get to the end. */
export function nothingPublished(outcomes: readonly string[]): PublicationState {
  return { versions: 0, files: 0, outcomes, objects: [] };
}
