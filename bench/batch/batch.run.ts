/** What a night without changes costs: seconds, history and payloads, for so many datasets on real servers. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { test } from 'vitest';
import { planOf } from '../../src/activities/prepare.js';
import { openCatalog } from '../../src/catalog/index.js';
import { readEnvironment } from '../../src/config/environment.js';
import { loadDatasetsConfig } from '../../src/config/load.js';
import { storageOptions } from '../../src/config/storage.js';
import { IMPORT_ALL_WORKFLOW_ID, TASK_QUEUES } from '../../src/contract.js';
import { openSources } from '../../src/open-sources.js';
import { createObjectStore, requireOwnBucket, type ObjectStore } from '../../src/store/index.js';
import type { importAll } from '../../src/workflows/index.js';
import { ImportSite } from '../../test/helpers/import-site.js';
import { publishSample, samplePublication } from '../../test/helpers/sample-publication.js';
import { tellNight } from '../tell-night.js';
import { sizesOf } from '../history-sizes.js';

const SIZES = (process.env['DATASETS'] ?? '100,1000,10000').split(',').map(Number);
const { signal } = new AbortController();

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
    tellNight({
      datasets: count,
      counts,
      seconds: Math.round(10 * seconds) / 10,
      millisecondsEach: Math.round((10_000 * seconds) / count) / 10,
      ...(await sizesOf(handle)),
      seedSeconds: Math.round(seedSeconds),
      load: Math.round(loadavg()[0]!),
    });
  } finally {
    await site.close();
  }
});

/** As published before: one dataset by the catalog, the others copied from its rows; all name the same objects. */
async function seed(site: ImportSite, names: readonly string[]): Promise<void> {
  const environment = readEnvironment({}, site.environment('seed'));
  const config = await loadDatasetsConfig(join(site.folder, 'datasets.yaml'));
  const catalog = openCatalog(site.databaseUrl);
  const store = await createObjectStore(storageOptions(environment));
  const sources = openSources(environment, false);
  try {
    await requireOwnBucket(store, await catalog.id(), signal);
    const [template] = names;
    const { entry, configDigest } = planOf(config, template!);
    const { version } = await sources.pin(entry, { signal });
    const sample = samplePublication(template!, version, { people: 'x' });
    const file = join(site.folder, 'object');
    writeFileSync(file, 'PAR1');
    const [table] = sample.tables;
    const object = await put(store, table!.objects[0]!.key, file);
    const { rejectsPart: _none, ...result } = table!.description.result;
    const part = { ...result.parts[0]!, bytes: object.bytes, sha256: object.sha256 };
    const description = { ...table!.description, result: { ...result, parts: [part], rejects: 0 } };
    const { rejectsObject: _neither, ...rest } = table!;
    await publishSample(catalog, {
      ...{ ...sample, entry, configDigest, skipped: [] },
      pin: { ...sample.pin, reference: `owner/${template}` },
      tables: [{ ...rest, description, objects: [object] }],
      metadata: await Promise.all(
        sample.metadata.map(async (one) => ({ ...one, ...(await put(store, one.key, file)) })),
      ),
    });
    await site.query(`UPDATE imports SET ended_at = now(), outcome = 'published'`);
    const copies = names
      .slice(1)
      .map((name) => `('${name}', '${planOf(config, name).configDigest}')`);
    if (copies.length > 0) await site.query(COPY.replace('$copies', copies.join(', ')));
    await site.query('ANALYZE');
  } finally {
    await sources.close();
    await store.close();
    await catalog.close();
  }
}

/** The reference to the current version comes last: until then its row is not there. */
const COPY = `
  CREATE TEMP TABLE copies AS
  SELECT name, digest, gen_random_uuid() AS dataset, gen_random_uuid() AS version
  FROM (VALUES $copies) AS c (name, digest);
  CREATE TEMP TABLE template AS SELECT id, current_version_id FROM datasets;
  INSERT INTO datasets
  SELECT (jsonb_populate_record(d, jsonb_build_object(
    'id', c.dataset, 'dataset_name', c.name, 'kaggle_ref', 'owner/' || c.name,
    'source_reference', 'owner/' || c.name, 'current_version_id', NULL))).*
  FROM datasets d, template t, copies c WHERE d.id = t.id;
  INSERT INTO dataset_versions
  SELECT (jsonb_populate_record(v, jsonb_build_object(
    'id', c.version, 'dataset_id', c.dataset, 'prefix', v.prefix || c.name,
    'config_digest', c.digest, 'source_reference', 'owner/' || c.name))).*
  FROM dataset_versions v, template t, copies c WHERE v.id = t.current_version_id;
  INSERT INTO dataset_files
  SELECT (jsonb_populate_record(f, jsonb_build_object(
    'id', gen_random_uuid(), 'version_id', c.version))).*
  FROM dataset_files f, template t, copies c WHERE f.version_id = t.current_version_id;
  UPDATE datasets d SET current_version_id = c.version FROM copies c WHERE d.id = c.dataset`;

async function put(store: ObjectStore, key: string, file: string) {
  const sha256 = createHash('sha256').update('PAR1').digest('hex');
  const contentType = 'application/octet-stream';
  return store.putImmutable(key, file, { bytes: 4, sha256, contentType, signal });
}
