/** Publications whose objects are really there: Parquet of a few rows, stored and then published. */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  Catalog,
  Publication,
  StoredTableDescription,
  Verdict,
} from '../../src/catalog/index.js';
import { iceberg as icebergSchema, type IcebergSettings } from '../../src/config/iceberg.js';
import { withEngine } from '../../src/convert/engine.js';
import { fieldIdsOption } from '../../src/convert/write/field-ids.js';
import { withIceberg } from '../../src/publication/iceberg.js';
import { contentOfPublication } from '../../src/publication/iceberg-tables.js';
import { movePointer } from '../../src/publication/pointer.js';
import type { ObjectStore, StoredObject } from '../../src/store/index.js';
import { samplePublication } from './sample-publication.js';

const { signal } = new AbortController();

/** As where the configuration says nothing of it. */
export const iceberg: IcebergSettings = icebergSchema.parse({});

export interface PublishedSample {
  readonly publication: Publication;
  readonly versionId: string;
}

/**
 * Tables by name, each with the text of its only column `passed`: NULL where it is `null`. `carriedOver` names
 * tables of the current version. Without `hasIds`, as Parquet was written before Iceberg.
 */
export async function storeAndPublish(
  { catalog, store }: { readonly catalog: Catalog; readonly store: ObjectStore },
  dataset: string,
  version: string,
  tables: Readonly<Record<string, readonly (string | null)[]>>,
  carriedOver: readonly string[] = [],
  settings: IcebergSettings = iceberg,
  verdict: Verdict = { drift: [], held: false },
  hasIds = true,
): Promise<PublishedSample> {
  const contents = Object.fromEntries(
    Object.entries(tables).map(([name, cells]) => [name, JSON.stringify(cells)]),
  );
  const sample = below(store.root, samplePublication(dataset, version, contents, carriedOver));
  const { prefix, workflowId, runId } = sample;
  const run = { workflowId, runId };
  await store.ensureReady(signal);
  const startedAt = new Date().toISOString();
  await catalog.startImport({ dataset, ...run, startedAt });
  await catalog.claimPrefix(prefix, dataset, run, []);
  const directory = await mkdtemp(join(tmpdir(), 'kaggle-import-stored-'));
  try {
    const stored = [];
    for (const table of sample.tables) {
      const cells = tables[table.description.table.name]!;
      const file = join(directory, `${table.description.table.name}.parquet`);
      await writeParquet(file, cells, directory, hasIds);
      stored.push(describe(table, cells, await put(store, table.objects[0]!.key, file)));
    }
    const metadata = [];
    for (const one of sample.metadata) {
      const file = join(directory, one.name);
      await writeFile(file, '{}');
      metadata.push({ ...one, ...(await put(store, one.key, file)) });
    }
    const publication = { ...sample, tables: stored, metadata, verdict };
    const content = await contentOfPublication(catalog, publication, Date.now());
    const { versionId } = await withIceberg(
      { catalog, store, iceberg: settings },
      content,
      signal,
      (move) => catalog.publish(publication, move),
    );
    await movePointer({ catalog, store }, dataset, signal);
    await catalog.finishImport({
      ...{ ...run, dataset, startedAt, endedAt: new Date().toISOString(), outcome: 'published' },
      ...{ stageMs: {}, sourceBytes: 0, parquetBytes: 0, transferredBytes: 0, rows: 0, tables: 1 },
    });
    return { publication, versionId };
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** As an import does it in a store with a prefix of its own. */
function below(root: string, sample: Publication): Publication {
  const moved = (object: StoredObject) => ({ ...object, key: `${root}${object.key}` });
  return {
    ...sample,
    prefix: `${root}${sample.prefix}`,
    metadata: sample.metadata.map((one) => ({ ...one, ...moved(one) })),
    tables: sample.tables.map(({ rejectsObject: _none, ...table }) => ({
      ...table,
      objects: table.objects.map(moved),
    })),
  };
}

const PASSED = { name: 'passed', type: 'VARCHAR' };

/** `hasIds`: as it is written today. */
async function writeParquet(
  file: string,
  cells: readonly (string | null)[],
  directory: string,
  hasIds: boolean,
) {
  const engine = { memoryLimitBytes: 200_000_000, temporaryDirectory: join(directory, 'spill') };
  await withEngine({ ...engine, signal, place: 'test' }, async (connection) => {
    const values = cells.map((cell) => (cell === null ? '(NULL)' : `('${cell}')`)).join(', ');
    await connection.run(
      `COPY (SELECT passed::VARCHAR AS passed FROM (VALUES ${values}) AS t (passed))
       TO '${file}' (FORMAT parquet${hasIds ? `, ${fieldIdsOption([PASSED])}` : ''})`,
    );
  });
}

async function put(store: ObjectStore, key: string, file: string): Promise<StoredObject> {
  const bytes = await readFile(file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const contentType = 'application/octet-stream';
  return store.putImmutable(key, file, { bytes: bytes.length, sha256, contentType, signal });
}

function describe(
  sample: StoredTableDescription,
  cells: readonly (string | null)[],
  object: StoredObject,
): StoredTableDescription {
  const { description, tableDigest } = sample;
  const rows = cells.length;
  const values = cells.filter((cell) => cell !== null);
  const count = (value: string): number => values.filter((cell) => cell === value).length;
  const mostFrequent = [...new Set(values)].map((value) => ({ value, count: count(value) }));
  const { bytes, sha256 } = object;
  const stats = {
    nullCount: rows - values.length,
    min: [...values].sort()[0],
    max: [...values].sort().at(-1),
    mostFrequent,
  };
  // The sample's part of rejects has no object here.
  const { rejectsPart: _none, ...result } = description.result;
  return {
    tableDigest,
    description: {
      ...description,
      result: {
        ...result,
        parts: [{ ...result.parts[0]!, rows, bytes, sha256 }],
        ...{ rows, rejects: 0, columns: 1 },
      },
      columns: [{ ...description.columns[0]!, type: 'VARCHAR', stats }],
    },
    objects: [object],
  };
}
