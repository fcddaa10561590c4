/** The files for readers without the database: current.json and croissant.json. */
import { expect, test } from 'vitest';
import { buildCurrentPointer, buildMetadataFiles } from '../../src/catalog/index.js';
import { fieldType } from '../../src/catalog/metadata/croissant-types.js';
import { carried, croissantOf, OLD, packageOf } from '../helpers/described.js';
import { samplePublication } from '../helpers/sample-publication.js';

test('current.json names every object of the current version', async () => {
  const version = {
    versionId: 'id',
    sourceVersion: '2',
    sourceKind: 'kaggle' as const,
    sourceReference: 'owner/people',
    configDigest: 'dd',
    prefix: 'datasets/d/v2-11111111',
    publishedAt: '2026-01-01T00:00:00.000Z',
    tables: 1,
    rows: 3,
    parquetBytes: 20,
    generation: 4,
  };
  const catalog = {
    findPublication: (name: string) => Promise.resolve(name === 'd' ? version : undefined),
    versionTables: () => Promise.resolve([carried]),
  };
  expect(await buildCurrentPointer(catalog, 'd')).toEqual({
    dataset: 'd',
    version: '2',
    source: 'kaggle:owner/people',
    prefix: version.prefix,
    publishedAt: version.publishedAt,
    generation: 4,
    croissant: `${version.prefix}/croissant.json`,
    tables: [
      {
        name: 'big',
        keys: [`${OLD}/big/part-0001.parquet`, `${OLD}/big/part-0002.parquet`],
        rows: 3,
        bytes: 20,
        sha256: ['cc1', 'cc2'],
      },
    ],
  });
  expect(await buildCurrentPointer(catalog, 'unpublished')).toBeUndefined();
});

interface Node {
  readonly '@id': string;
  readonly '@type': string;
  readonly [key: string]: unknown;
}

test('croissant.json describes fresh and carried-over tables, and refers only to what it defines', async () => {
  const publication = samplePublication('d', '2', { people: 'a' }, ['big']);
  const croissant = await croissantOf(publication, [carried, { ...carried, name: 'gone' }]);
  expect(croissant).toMatchObject({
    '@type': 'sc:Dataset',
    conformsTo: ['http://mlcommons.org/croissant/1.1', 'http://mlcommons.org/croissant/RAI/1.0'],
    name: 'd',
    license: 'https://spdx.org/licenses/CC0-1.0',
    version: '2.0.0',
    url: 'https://www.kaggle.com/datasets/owner/people',
    citeAs: 'People. Version 2. https://www.kaggle.com/datasets/owner/people',
    'rai:personalSensitiveInformation': ['people.email: email'],
  });
  const distribution = croissant['distribution'] as Node[];
  expect(distribution.map((node) => [node['@type'], node['@id'], node['contentUrl']])).toEqual([
    ['cr:FileObject', 'big/part-0001.parquet', '../v1-00000000/big/part-0001.parquet'],
    ['cr:FileObject', 'big/part-0002.parquet', '../v1-00000000/big/part-0002.parquet'],
    ['cr:FileObject', 'people.parquet', 'people.parquet'],
  ]);
  expect(distribution[2]!['sha256']).toBe(publication.tables[0]!.objects[0]!.sha256);
  const records = croissant['recordSet'] as Array<Node & { field: Node[] }>;
  expect(records.map(({ name, field }) => [name, field.map((one) => one['dataType'])])).toEqual([
    ['big/part-0001', ['sc:Integer']],
    ['big/part-0002', ['sc:Integer']],
    ['people', [['sc:Boolean', 'cr:Label'], 'sc:Text']],
  ]);
  expect(records[0]!.field[0]).toMatchObject({ isArray: true });
  const defined = new Set(distribution.map((node) => node['@id']));
  for (const { source } of records.flatMap(({ field }) => field)) {
    const { fileObject, fileSet } = source as { fileObject?: Node; fileSet?: Node };
    expect(defined).toContain((fileObject ?? fileSet)!['@id']);
  }
});

test('a licence that is on no list goes by its name', async () => {
  const sample = samplePublication('d', '2', { people: 'a' });
  const publication = { ...sample, entry: { ...sample.entry, licence: 'US-Government-Works' } };
  const name = 'US-Government-Works';
  expect(await croissantOf(publication)).toMatchObject({
    license: { '@type': 'sc:CreativeWork', name },
  });
  expect(await packageOf(publication)).toMatchObject({ licenses: [{ name }] });
});

test('splits are those that the names of tables say', async () => {
  const tables = { data_train: 'a', val__labels: 'b', train_test_ids: 'c', contest: 'd' };
  const { recordSet } = await croissantOf(samplePublication('d', '2', tables));
  const [splits, ...sets] = recordSet as Array<Node & { field: Node[]; data: unknown }>;
  expect(splits).toMatchObject({
    dataType: 'cr:Split',
    data: [
      { 'splits.records/name': 'train', 'splits.records/url': 'cr:TrainingSplit' },
      { 'splits.records/name': 'val', 'splits.records/url': 'cr:ValidationSplit' },
    ],
  });
  const patterns = sets.map(({ name, field }) => {
    const source = field.find((one) => one['name'] === 'split')?.['source'] as
      { transform: { regex: string } } | undefined;
    return [name, source && new RegExp(source.transform.regex)];
  });
  expect(patterns).toEqual([
    ['contest', undefined],
    ['data_train', expect.any(RegExp)],
    ['train_test_ids', undefined],
    ['val__labels', expect.any(RegExp)],
  ]);
  const [pattern] = [patterns[1]![1] as RegExp];
  expect(pattern.exec('data_train.parquet')?.[1]).toBe('train');
  expect(pattern.exec('../v1-00000000/data_train/part-0002.parquet')?.[1]).toBe('train');
});

test('a column whose name is no id is still found by its name', async () => {
  const columns = [{ ...carried.columns[0]!, position: 3, name: 'a b/c' }];
  const { recordSet } = await croissantOf(samplePublication('d', '2', {}, ['big']), [
    { ...carried, columns },
  ]);
  const [field] = (recordSet as Array<{ field: Node[] }>)[0]!.field;
  expect(field).toMatchObject({ '@id': 'big/part-0001.records/column@3', name: 'a b/c' });
  expect(field!['source']).toMatchObject({ extract: { column: 'a b/c' } });
});

test('the same publication gives the same bytes: a retry must not conflict with itself', async () => {
  const build = async () =>
    JSON.stringify(await buildMetadataFiles(samplePublication('d', '2', { a: 'a' }), []));
  expect(await build()).toBe(await build());
  expect(await build()).not.toContain('@example.org');
});

test.each([
  ['UTINYINT', 'sc:Integer'],
  ['HUGEINT', 'sc:Integer'],
  ['DECIMAL(18,3)', 'sc:Float'],
  ['DOUBLE', 'sc:Float'],
  ['DATE', 'sc:Date'],
  ['TIMESTAMP WITH TIME ZONE', 'sc:DateTime'],
  ['TIME', 'sc:Time'],
  ['VARCHAR', 'sc:Text'],
  ["ENUM('a', 'b')", 'sc:Text'],
  ['INTERVAL', 'sc:Text'],
  ['BIGINT[]', 'sc:Integer'],
  ['STRUCT(a INTEGER)', undefined],
  ['MAP(VARCHAR, INTEGER)', undefined],
])('%s is %s', (type, expected) => expect(fieldType(type)?.dataType).toBe(expected));

test('of many thousands of files, no turn of the thread is a long one, and the text is what JSON is', async () => {
  const many = Array.from({ length: 20_000 }, (_, index) => ({
    path: `images/${index}.png`,
    key: `datasets/d/v2-${'0'.repeat(8)}/files/images/${index}.png`,
    ...{ bytes: index, sha256: 'a'.repeat(64), mediaType: 'image/png' },
  }));
  const publication = { ...samplePublication('d', '2', { a: 'a' }), kept: many };
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  const files = await buildMetadataFiles(publication, []);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(5);
  for (const { text } of files) {
    const content = JSON.parse(text) as Record<string, unknown[]>;
    expect(text === JSON.stringify(content, null, 2)).toBe(true);
    expect((content['resources'] ?? content['distribution'])!.length).toBe(many.length + 1);
  }
});
