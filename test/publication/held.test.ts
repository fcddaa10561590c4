/** A version that is held: stored, seen by nobody who reads, and decided by a person, once, whenever that is. */
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Verdict } from '../../src/catalog/index.js';
import { decide, findUndecided } from '../../src/publication/decide.js';
import { collectGarbage } from '../../src/publication/gc.js';
import { goBack } from '../../src/publication/go-back.js';
import { chooseVersion } from '../../src/published/index.js';
import { icebergMetadata, requireWholeTable } from '../helpers/iceberg-reader.js';
import { publicationSite } from '../helpers/publication-site.js';
import { samplePublication } from '../helpers/sample-publication.js';
import { storeAndPublish, type PublishedSample } from '../helpers/stored-publication.js';

const { signal } = new AbortController();
const NOT_HELD = { code: 'VERSION_NOT_HELD' };
const HELD: Verdict = {
  drift: [{ table: 'people', what: 'rows', before: '2', after: '1' }],
  held: true,
};
const site = publicationSite();
let number = 0;
let dataset: string;
let held: PublishedSample;
let sql: pg.Pool;

beforeAll(() => {
  sql = new pg.Pool({ connectionString: site.database.url, max: 2 });
});
afterAll(() => sql.end());
beforeEach(async () => {
  dataset = `people-${++number}`;
  await publish('1', ['no', 'yes']);
  held = await publish('2', ['no'], HELD);
});

const publish = (version: string, people: string[], verdict?: Verdict) =>
  storeAndPublish(site, dataset, version, { people }, [], site.iceberg, verdict);
const version = async (name: string) =>
  chooseVersion(await site.catalog.findVersions(dataset), dataset, name);
const states = async () =>
  (await site.catalog.findVersions(dataset)).map((one) => `${one.sourceVersion} ${one.state}`);
const pointer = async () => {
  const { text } = (await site.store.getText(`datasets/${dataset}/current.json`))!;
  return (JSON.parse(text) as { version: string }).version;
};
/** What engines are shown: whose snapshot, and the versions that can be named. */
const seen = async () => {
  const { refs, properties } = await icebergMetadata(sql, site.store, dataset, 'people');
  await requireWholeTable(sql, site.store, dataset, 'people');
  const named = Object.keys(refs).filter((name) => name !== 'main');
  const main = named.filter((name) => refs[name]!['snapshot-id'] === refs['main']!['snapshot-id']);
  return { main, named: named.sort(), version: properties['kaggle-import.source-version'] };
};
const FIRST_ONLY = { main: ['v1'], named: ['v1'], version: '1' };
const summary = async () =>
  (await site.catalog.listDatasets()).find((one) => one.dataset === dataset);

test('it is stored, complete and known, and readers see the version before', async () => {
  expect(await states()).toEqual(['2 held', '1 current']);
  expect([await pointer(), (await site.catalog.findPublication(dataset))?.rows]).toEqual(['1', 2]);
  expect(await site.catalog.findHeld(dataset)).toMatchObject({
    ...{ versionId: held.versionId, sourceVersion: '2', rows: 1, drift: HELD.drift },
    heldSince: expect.any(String),
  });
  expect(await seen()).toEqual(FIRST_ONLY);
  expect(await summary()).toMatchObject({ sourceVersion: '1', heldVersion: '2' });
  // The attempt after a kill behind the commit tells the same of it.
  expect(await site.catalog.publish(held.publication)).toMatchObject({ alreadyPublished: true });
  expect(await site.catalog.findVerdict(held.versionId)).toEqual(HELD);
});

test('approved, it is current for all readers; an import that began before publishes nothing', async () => {
  const running = samplePublication(dataset, '3', { people: 'c' });
  await site.catalog.startImport({ ...running, dataset, startedAt: new Date().toISOString() });
  const target = await findUndecided(site.catalog, dataset, undefined);
  expect(await decide(site, dataset, target, 'approve', signal)).toBe(true);
  expect(await states()).toEqual(['2 current', '1 superseded']);
  expect(await pointer()).toBe('2');
  expect(await seen()).toEqual({ main: ['v2'], named: ['v1', 'v2'], version: '2' });
  expect(await summary()).not.toHaveProperty('heldVersion');
  await expect(site.catalog.publish(running)).rejects.toMatchObject({ code: 'IMPORT_SUPERSEDED' });
  // Again: nothing changes. The version before was not gone back from.
  expect(await decide(site, dataset, target, 'approve', signal)).toBe(false);
  const { pin, configDigest } = held.publication;
  const before = { ...pin, version: '1' };
  expect(await site.catalog.isPassedOver(dataset, before, configDigest)).toBe(false);
  await expect(decide(site, dataset, target, 'reject', signal)).rejects.toMatchObject(NOT_HELD);
  await expect(findUndecided(site.catalog, dataset, undefined)).rejects.toMatchObject(NOT_HELD);
});

test('rejected, no import brings it back, and its objects go after the grace period', async () => {
  const { pin, configDigest } = held.publication;
  const target = await version('2');
  expect(await decide(site, dataset, target, 'reject', signal)).toBe(true);
  expect(await decide(site, dataset, target, 'reject', signal)).toBe(false);
  expect(await states()).toEqual(['2 rejected', '1 current']);
  expect(await seen()).toEqual(FIRST_ONLY);
  expect(await site.catalog.isPassedOver(dataset, pin, configDigest)).toBe(true);
  await expect(decide(site, dataset, target, 'approve', signal)).rejects.toMatchObject(NOT_HELD);
  const grace = { keepVersions: 9, graceSeconds: 3600 };
  expect((await collectGarbage(site, grace, signal)).versions).toEqual([]);
  const garbage = await collectGarbage(site, { ...grace, graceSeconds: 0 }, signal);
  const ours = garbage.versions.filter((one) => one.dataset === dataset);
  expect(ours).toMatchObject([{ sourceVersion: '2' }]);
  expect(await states()).toEqual(['2 removed', '1 current']);
  expect(await seen()).toEqual(FIRST_ONLY);
  expect(await site.catalog.isPassedOver(dataset, pin, configDigest)).toBe(true);
});

test('what is published after it overtakes it: a late approval is refused', async () => {
  const target = await version('2');
  await publish('3', ['on']);
  expect(await states()).toEqual(['3 current', '2 overtaken', '1 superseded']);
  for (const decision of ['approve', 'reject'] as const) {
    const late = decide(site, dataset, target, decision, signal);
    await expect(late).rejects.toMatchObject({
      ...NOT_HELD,
      context: { found: 'a version that is overtaken' },
    });
  }
  expect(await pointer()).toBe('3');
});

test('a worker that knows nothing of held versions publishes: the approval is refused all the same', async () => {
  const target = await version('2');
  await publish('3', ['on']);
  await site.catalog.makeCurrent(held.versionId, await begin('again'), undefined, HELD);
  expect(await states()).toEqual(['3 current', '2 held', '1 superseded']);
  await expect(decide(site, dataset, target, 'approve', signal)).rejects.toMatchObject({
    ...NOT_HELD,
    context: { found: 'version 3, published since' },
  });
});

async function begin(runId: string) {
  const run = { workflowId: `import:${dataset}`, runId };
  await site.catalog.startImport({ dataset, ...run, startedAt: new Date().toISOString() });
  return run;
}

test('a newer version that is held takes its place: one at most waits', async () => {
  await publish('3', ['on'], HELD);
  expect(await states()).toEqual(['3 held', '2 overtaken', '1 current']);
  expect(await seen()).toEqual(FIRST_ONLY);
  expect((await findUndecided(site.catalog, dataset, undefined)).sourceVersion).toBe('3');
});

test('a version that was current is held again when the source comes back to it', async () => {
  await decide(site, dataset, await version('2'), 'approve', signal);
  const first = await version('1');
  await site.catalog.makeCurrent(first.versionId, await begin('back'), undefined, HELD);
  expect(await states()).toEqual(['2 current', '1 held']);
  expect(await pointer()).toBe('2');
  expect(await seen()).toEqual({ main: ['v2'], named: ['v1', 'v2'], version: '2' });
});

test('it is no version to go back to, waits through a rollback, and never goes by itself', async () => {
  await publish('3', ['on']);
  held = await publish('4', ['off'], HELD);
  const refused = goBack(site, dataset, await version('4'), signal);
  await expect(refused).rejects.toMatchObject({ code: 'VERSION_HELD' });
  await goBack(site, dataset, await version('1'), signal);
  await collectGarbage(site, { keepVersions: 1, graceSeconds: 0 }, signal);
  expect(await states()).toEqual(['4 held', '3 removed', '2 removed', '1 current']);
  await decide(site, dataset, await version('4'), 'approve', signal);
  expect([await pointer(), (await states())[0]]).toEqual(['4', '4 current']);
});

test('one whose objects are gone is not approved', async () => {
  await site.store.remove([held.publication.tables[0]!.objects[0]!.key]);
  const refused = decide(site, dataset, await version('2'), 'approve', signal);
  await expect(refused).rejects.toMatchObject({ code: 'OBJECT_MISSING' });
  expect(await states()).toEqual(['2 held', '1 current']);
});
