/** A worker that is taken for dead and goes on: its ways to the servers are its own, so that a test can hold them. */
import { expect } from 'vitest';
import { startDatabaseGate, type DatabaseGate } from './database-gate.js';
import { startForwarder, type Forwarder } from './forwarder.js';
import { ImportSite } from './import-site.js';
import { startStoreGate, type StoreGate } from './store-gate.js';
import type { WorkerProcess } from './worker-process.js';

const OLD = 'id,name\n1,ada\n2,alan\n';
const NEW = 'id,name\n1,ada\n2,alan\n3,grace\n';

export interface ZombieSite {
  readonly site: ImportSite;
  /** Of the zombie alone. */
  readonly store: StoreGate;
  readonly database: DatabaseGate;
  readonly temporal: Forwarder;
  readonly zombie: WorkerProcess;
  readonly close: () => Promise<void>;
}

/**
 * With a dataset `people` of one table, and a worker on host `one`.
 * @param settings - of the worker
 */
export async function openZombieSite(settings: Record<string, string>): Promise<ZombieSite> {
  const site = await ImportSite.open({
    datasets: { people: { 'people.csv': OLD } },
    settings: { host_lost_after_minutes: 0.2 },
  });
  const store = await startStoreGate(site.store['MINIO_ENDPOINT']!);
  const database = await startDatabaseGate(site.databaseUrl);
  const temporal = await startForwarder(site.namespace.address);
  const zombie = await site.startWorker('one', {
    ...settings,
    ...{ MINIO_ENDPOINT: store.endpoint, DATABASE_URL: database.url },
    TEMPORAL_ADDRESS: temporal.address,
  });
  const close = async (): Promise<void> => {
    await zombie.kill();
    await site.close();
    await store.close();
    await database.close();
  };
  return { site, store, database, temporal, zombie, close };
}

/** By another worker, which must run. */
export async function publishNewer(site: ImportSite): Promise<void> {
  await site.kaggle.publishVersion('owner/people', { 'people.csv': NEW });
  const handle = await site.start('people');
  expect(await handle.result()).toMatchObject({ outcome: 'published', version: '2', rows: 3 });
}

/** Told to stop, a worker lets its steps go on for a while: what the zombie wants to do, it does. */
export async function changesNothing({ site, zombie }: ZombieSite, goOn: () => void) {
  const before = await seen(site);
  const objects = await site.objectStates();
  goOn();
  await zombie.stop();
  expect(before.pointer).toMatchObject({ version: '2', tables: [{ rows: 3 }] });
  expect(await seen(site)).toEqual(before);
  // What it has stored since is its own, below a prefix that nobody reads.
  expect(await site.objectStates()).toMatchObject(objects);
}

/** All that readers can see. */
async function seen(site: ImportSite) {
  return {
    datasets: await site.query('SELECT * FROM datasets'),
    versions: await site.query('SELECT * FROM dataset_versions ORDER BY id'),
    pointer: JSON.parse(await site.readObject('datasets/people/current.json')) as object,
  };
}
