/** What a night without changes costs: seconds, history and payloads, for so many datasets on real servers. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { planOf } from '../../src/activities/prepare.js';
import { mapLimited } from '../../src/cache/map-limited.js';
import { openCatalog, type Catalog } from '../../src/catalog/index.js';
import { readEnvironment } from '../../src/config/environment.js';
import { loadDatasetsConfig } from '../../src/config/load.js';
import { storageOptions } from '../../src/config/storage.js';
import { IMPORT_ALL_WORKFLOW_ID, TASK_QUEUES } from '../../src/contract.js';
import { movePointer } from '../../src/publication/pointer.js';
import { openSources } from '../../src/resources.js';
import { createObjectStore, requireOwnBucket, type ObjectStore } from '../../src/store/index.js';
import type { importAll } from '../../src/workflows/index.js';
import { ImportSite } from '../../test/helpers/import-site.js';
import { publishSample, samplePublication } from '../../test/helpers/sample-publication.js';

const SIZES = (process.env['DATASETS'] ?? '100,1000,10000').split(',').map(Number);
const { signal } = new AbortController();

interface World {
  readonly catalog: Catalog;
  readonly store: ObjectStore;
}

test.each(SIZES)('a night of %i datasets without changes', async (count) => {
  const names = Array.from({ length: count }, (_, i) => `dataset_${String(i).padStart(5, '0')}`);
  const site = await ImportSite.open({
    datasets: Object.fromEntries(names.map((name) => [name, { 'a.csv': 'x\n1\n' }])),
    settings: { max_parallel: 8 },
  });
  try {
    await site.startWorker('one', { DOWNLOADS_PER_SECOND: '100000' });
    const seeded = performance.now();
    await seed(site, names);
    const seedSeconds = (performance.now() - seeded) / 1000;
    const began = performance.now();
    const handle = await site.namespace.client.workflow.start<typeof importAll>('importAll', {
      ...{ taskQueue: TASK_QUEUES.control, workflowId: IMPORT_ALL_WORKFLOW_ID, args: [{}] },
    });
    const { counts } = await handle.result();
    const seconds = (performance.now() - began) / 1000;
    const { raw } = await handle.describe();
    const { events = [] } = await handle.fetchHistory();
    console.log(
      JSON.stringify({
        datasets: count,
        counts,
        seconds: Math.round(10 * seconds) / 10,
        millisecondsEach: Math.round((10_000 * seconds) / count) / 10,
        events: events?.length,
        historyBytes: Number(raw.workflowExecutionInfo?.historySizeBytes),
        largestPayloadBytes: Math.max(...payloadSizes(events)),
        seedSeconds: Math.round(seedSeconds),
      }),
    );
  } finally {
    await site.close();
  }
});

/** As published before: a table of one object each, the pointer, and the catalog's rows. */
async function seed(site: ImportSite, names: readonly string[]): Promise<void> {
  const environment = readEnvironment({}, site.environment('seed'));
  const config = await loadDatasetsConfig(join(site.folder, 'datasets.yaml'));
  const world: World = {
    catalog: openCatalog(site.databaseUrl),
    store: createObjectStore(storageOptions(environment)),
  };
  const sources = openSources(environment, false);
  try {
    await requireOwnBucket(world.store, await world.catalog.id(), signal);
    const file = join(site.folder, 'object');
    writeFileSync(file, 'PAR1');
    const { version } = await sources.pin(config.datasets.get(names[0]!)!, { signal });
    await mapLimited(names, 8, async (name) => {
      const { entry, configDigest } = planOf(config, name);
      const sample = samplePublication(name, version, { people: 'x' });
      const [table] = sample.tables;
      const object = await put(world.store, table!.objects[0]!.key, file);
      const { rejectsPart: _none, ...result } = table!.description.result;
      const part = { ...result.parts[0]!, bytes: object.bytes, sha256: object.sha256 };
      const description = {
        ...table!.description,
        result: { ...result, parts: [part], rejects: 0 },
      };
      const { rejectsObject: _neither, ...rest } = table!;
      await publishSample(world.catalog, {
        ...{ ...sample, entry, configDigest, skipped: [] },
        pin: { ...sample.pin, reference: `owner/${name}` },
        tables: [{ ...rest, description, objects: [object] }],
        croissant: await put(world.store, sample.croissant.key, file),
      });
      await movePointer(world, name, signal);
    });
  } finally {
    await sources.close();
    await world.store.close();
    await world.catalog.close();
  }
}

async function put(store: ObjectStore, key: string, file: string) {
  const sha256 = createHash('sha256').update('PAR1').digest('hex');
  const contentType = 'application/octet-stream';
  return store.putImmutable(key, file, { bytes: 4, sha256, contentType, signal });
}

function payloadSizes(value: unknown): number[] {
  if (typeof value !== 'object' || value === null) return [0];
  const { data } = value as { data?: unknown };
  if (data instanceof Uint8Array) return [data.length];
  return Object.values(value).flatMap(payloadSizes);
}
