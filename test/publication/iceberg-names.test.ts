/** Whose name a table of Iceberg is, where it goes when the configuration changes, and what never becomes one. */
import { expect, test } from 'vitest';
import { goBack } from '../../src/publication/go-back.js';
import { icebergProblems } from '../../src/publication/iceberg-problem.js';
import { requireFreeNames } from '../../src/publication/iceberg.js';
import { icebergSite } from '../helpers/iceberg-site.js';
import { iceberg, storeAndPublish } from '../helpers/stored-publication.js';

const { signal, open, dataset, query, publish, rows, metadata, requireWhole, version } =
  icebergSite();

test('Parquet of the time before field ids stays out of it, whoever goes back to it', async () => {
  const off = { ...iceberg, enabled: false };
  const old = storeAndPublish(open(), dataset(), '1', { people: ['a'] }, [], off, undefined, false);
  await old;
  await publish('2', { people: ['b'] });
  await goBack(open(), dataset(), await version('1'), signal);
  expect(await rows()).toEqual([]);
  expect(await icebergProblems(open(), dataset())).toEqual([]);
  await goBack(open(), dataset(), await version('2'), signal);
  expect(Object.keys((await metadata()).refs).sort()).toEqual(['main', 'v2']);
});

test('a table of another tool is never touched: nothing is published, and it is said whose name it is', async () => {
  const foreign = 's3://elsewhere/metadata/00001-a.metadata.json';
  await query(
    `INSERT INTO iceberg_tables (catalog_name, table_namespace, table_name, metadata_location)
     VALUES ('exai', $1, 'people', $2)`,
    [dataset(), foreign],
  );
  await expect(publish('1', { people: ['a'] })).rejects.toMatchObject({
    code: 'ICEBERG_NAME_TAKEN',
    context: { place: `exai.${dataset()}.people` },
  });
  expect(await open().catalog.findPublication(dataset())).toBeUndefined();
  expect(await rows()).toMatchObject([{ metadata_location: foreign }]);
  // Asked before the conversion, it is refused as well; another name is free.
  const early = requireFreeNames(open().catalog, iceberg, dataset(), ['a', 'people']);
  await expect(early).rejects.toMatchObject({
    code: 'ICEBERG_NAME_TAKEN',
    context: { place: `exai.${dataset()}.people` },
  });
  await requireFreeNames(open().catalog, iceberg, dataset(), ['a']);
  await requireFreeNames(open().catalog, { ...iceberg, enabled: false }, dataset(), ['people']);
  // Elsewhere there is room.
  await publish('1', { people: ['a'] }, [], { ...iceberg, namespace: 'kaggle' });
  expect((await rows()).map((row) => row.table_namespace).sort()).toEqual(
    [dataset(), `kaggle.${dataset()}`].sort(),
  );
});

test('what another tool has written to our table is not written over', async () => {
  await publish('1', { people: ['a'] });
  await query(
    `UPDATE iceberg_tables SET metadata_location = 's3://x/y' WHERE table_namespace = $1`,
    [dataset()],
  );
  await expect(publish('2', { people: ['b'] })).rejects.toMatchObject({
    code: 'ICEBERG_NAME_TAKEN',
  });
  expect((await open().catalog.findPublication(dataset()))?.sourceVersion).toBe('1');
});

test('another catalog or namespace takes the tables with it; switched off, there are none, and on again, all', async () => {
  await publish('1', { people: ['a'] });
  await publish('2', { people: ['b'] }, [], {
    ...iceberg,
    catalog: 'lake',
    namespace: 'open.data',
  });
  expect(await rows()).toMatchObject([
    { catalog_name: 'lake', table_namespace: `open.data.${dataset()}` },
  ]);
  await publish('3', {}, ['people'], { ...iceberg, enabled: false });
  expect(await rows()).toEqual([]);
  await publish('4', {}, ['people']);
  expect(await rows()).toMatchObject([{ catalog_name: 'exai', table_namespace: dataset() }]);
  await requireWhole();
});
