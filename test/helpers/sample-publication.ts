/** Publications of invented tables for tests of the catalog, complete down to proofs and personal data. */
import { createHash } from 'node:crypto';
import type {
  Catalog,
  Publication,
  PublishResult,
  StoredTableDescription,
} from '../../src/catalog/index.js';
import { datasetSchema, type DatasetEntry } from '../../src/config/datasets.js';
import type { ColumnDescription } from '../../src/convert/types.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const RAW_EMAIL = 'ada@example.org';

export function sampleEntry(name: string): DatasetEntry {
  const entry = datasetSchema.parse({
    kaggle_ref: 'owner/people',
    domain: 'education',
    ml_task: ['classification'],
    target_column: 'passed',
    licence: 'CC0-1.0',
  });
  return { ...entry, name };
}

/** Of `version` with tables by name and content; `carriedOver` names those of the version before. */
export function samplePublication(
  dataset: string,
  version: string,
  tables: Readonly<Record<string, string>>,
  carriedOver: readonly string[] = [],
): Publication {
  const checksum = sha256(JSON.stringify([tables, carriedOver]));
  const prefix = `datasets/${dataset}/v${version}-${checksum.slice(0, 8)}`;
  return {
    entry: sampleEntry(dataset),
    pin: {
      kind: 'kaggle',
      reference: 'owner/people',
      version,
      description: { title: 'People', url: 'https://www.kaggle.com/datasets/owner/people' },
    },
    checksum,
    configDigest: sha256('configuration'),
    prefix,
    metadata: ['croissant.json', 'datapackage.json'].map((file) => ({
      ...{ name: file, mediaType: 'application/json', key: `${prefix}/${file}` },
      ...{ bytes: 40, sha256: sha256(file), transferred: true },
    })),
    workflowId: `import:${dataset}`,
    runId: `run-${version}`,
    tables: Object.entries(tables).map(([name, content]) => sampleTable(prefix, name, content)),
    carriedOver,
    skipped: [{ originalPath: 'notes.ipynb', bytes: 10, reason: 'not tabular' }],
    provenance: { tool: 'test', 'nul\0': 'nul \0 and half a pair \ud800' },
  };
}

/** By a run that has begun, as every publication is; again by the same run, as a retry does. */
export async function publishSample(
  catalog: Catalog,
  publication: Publication,
): Promise<PublishResult> {
  const { entry, workflowId, runId } = publication;
  const startedAt = '2026-01-01T02:00:00.000Z';
  await catalog.startImport({ dataset: entry.name, workflowId, runId, startedAt });
  return catalog.publish(publication);
}

function sampleTable(prefix: string, name: string, content: string): StoredTableDescription {
  const part = {
    file: `${name}.parquet`,
    rows: 3,
    bytes: 300,
    sha256: sha256(`${content} parquet`),
  };
  const rejectsPart = { ...part, file: `${name}.rejects.parquet`, rows: 1, bytes: 20 };
  const table = {
    name,
    originalPath: `${name}.csv`,
    file: `${name}.csv`,
    format: 'csv' as const,
    sourceBytes: 100,
    sourceSha256: sha256(content),
  };
  return {
    description: {
      table,
      result: {
        name,
        originalPath: table.originalPath,
        parts: [part],
        rejectsPart,
        sourceBytes: 100,
        sourceRecords: 4,
        rows: 3,
        rejects: 1,
        columns: 2,
        warnings: ['one row was rejected'],
      },
      columns: [
        column(0, 'passed', 'BOOLEAN'),
        { ...column(1, 'email', 'VARCHAR'), personalData: 'email' },
      ],
      checks: [{ check: 'row_count', severity: 'warn', passed: true, message: '3 rows' }],
      decisions: [],
      dialect: { delimiter: ';' },
      partStatistics: [],
    },
    tableDigest: sha256('table configuration'),
    objects: [{ ...stored(part), key: `${prefix}/${name}.parquet` }],
    rejectsObject: { ...stored(rejectsPart), key: `${prefix}/rejects/${name}.parquet` },
  };
}

function stored({ bytes, sha256 }: { bytes: number; sha256: string }) {
  return { bytes, sha256, transferred: true };
}

function column(position: number, name: string, type: string): ColumnDescription {
  return {
    position,
    name,
    originalName: name.toUpperCase(),
    originalType: 'text',
    type,
    nullable: true,
    examples: [RAW_EMAIL, 'a**@example.org', 'nul \0'],
    stats: { nullCount: 1, min: RAW_EMAIL, max: RAW_EMAIL, mostFrequent: [RAW_EMAIL] },
    proof: {
      type,
      rule: 'canonical',
      checkedCells: 2,
      nullTokens: { NA: 1 },
      demotions: [{ type: 'DATE', reason: 'not a date', row: 2, value: RAW_EMAIL }],
    },
  };
}
