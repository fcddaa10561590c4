/** What a table's Iceberg properties say of it: where it comes from, under which licence, and what was proven. */
import { spdxLicence } from '../catalog/index.js';
import type { VersionContent, VersionTable } from './iceberg-tables.js';

export function propertiesOf(
  { dataset, sourceVersion, source, licence, description, citation, provenance }: VersionContent,
  table: VersionTable,
): Record<string, string> {
  const text = (name: string): string | undefined => {
    const value = provenance[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const tags = Array.isArray(provenance['tags']) ? provenance['tags'].join(', ') : '';
  const title = text('title');
  const spdx = licence === undefined ? undefined : spdxLicence(licence);
  return present({
    // What Spark shows as the table's comment.
    comment: [title, table.description ?? text('subtitle') ?? text('description')]
      .filter(Boolean)
      .join('. '),
    // Only `kaggle-import gc` removes files: engines refuse to purge such a table or to expire its snapshots.
    'gc.enabled': 'false',
    'kaggle-import.dataset': dataset,
    'kaggle-import.table': table.name,
    'kaggle-import.source': source,
    'kaggle-import.source-version': sourceVersion,
    'kaggle-import.source-url': text('url'),
    'kaggle-import.source-file': table.originalPath,
    'kaggle-import.source-sha256': table.sourceSha256,
    'kaggle-import.title': title,
    'kaggle-import.description': description ?? text('description'),
    'kaggle-import.file-description': table.description,
    'kaggle-import.licence': licence,
    'kaggle-import.licence-spdx': spdx,
    'kaggle-import.citation': citation,
    'kaggle-import.sources': text('sources'),
    'kaggle-import.keywords': tags,
    'kaggle-import.personal-data': personalData(table),
    'kaggle-import.proof': JSON.stringify(proofOf(table)),
  });
}

/** Every record of the source is a row or a reject, and every cell was compared with its text. */
function proofOf({ rows, rejects, columns }: VersionTable) {
  const checkedCells = columns.reduce((sum, { proof }) => sum + proof.checkedCells, 0);
  return { sourceRecords: rows + rejects, rows, rejects, checkedCells };
}

function personalData({ columns }: VersionTable): string {
  return columns
    .filter((column) => column.personalData !== undefined)
    .map(({ name, personalData: kind }) => `${name}: ${kind}`)
    .join(', ');
}

function present(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((pair): pair is [string, string] => Boolean(pair[1])),
  );
}
