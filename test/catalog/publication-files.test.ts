/** The two files for readers without the database: current.json and croissant.json. */
import { expect, test } from 'vitest';
import {
  buildCroissant,
  buildCurrentPointer,
  type PublishedTable,
} from '../../src/catalog/index.js';
import { croissantType } from '../../src/catalog/croissant.js';
import { samplePublication } from '../helpers/sample-publication.js';

const OLD = 'datasets/d/v1-00000000';
const carried: PublishedTable = {
  name: 'big',
  originalPath: 'folder/big.csv',
  sourceBytes: 1,
  sourceSha256: 'aa',
  tableDigest: 'bb',
  parts: [1, 2].map((number) => ({
    key: `${OLD}/big/part-000${number}.parquet`,
    rows: number,
    bytes: 10,
    sha256: `cc${number}`,
  })),
  rows: 3,
  rejects: 0,
  parquetBytes: 20,
  columns: [{ position: 0, name: 'n', originalName: 'N', type: 'BIGINT[]', nullable: false }],
};

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

test('croissant.json describes fresh and carried-over tables, and refers only to what it defines', () => {
  const publication = samplePublication('d', '2', { people: 'a' }, ['big']);
  const croissant = buildCroissant(publication, [carried, { ...carried, name: 'gone' }]);
  expect(croissant).toMatchObject({
    '@type': 'sc:Dataset',
    conformsTo: 'http://mlcommons.org/croissant/1.0',
    name: 'd',
    license: 'CC0-1.0',
    version: '2.0.0',
    url: 'https://www.kaggle.com/datasets/owner/people',
  });
  const distribution = croissant.distribution as Node[];
  expect(distribution.map((node) => [node['@type'], node['@id'], node.contentUrl])).toEqual([
    ['cr:FileObject', 'big/part-0001.parquet', '../v1-00000000/big/part-0001.parquet'],
    ['cr:FileObject', 'big/part-0002.parquet', '../v1-00000000/big/part-0002.parquet'],
    ['cr:FileSet', 'big', undefined],
    ['cr:FileObject', 'people.parquet', 'people.parquet'],
  ]);
  expect(distribution[3]!.sha256).toBe(publication.tables[0]!.objects[0]!.sha256);
  const records = croissant.recordSet as Array<Node & { field: Node[] }>;
  expect(records.map(({ name, field }) => [name, field.map((one) => one.dataType)])).toEqual([
    ['big', ['sc:Integer']],
    ['people', ['sc:Boolean', 'sc:Text']],
  ]);
  const defined = new Set(distribution.map((node) => node['@id']));
  for (const { source } of records.flatMap(({ field }) => field)) {
    const { fileObject, fileSet } = source as { fileObject?: Node; fileSet?: Node };
    expect(defined).toContain((fileObject ?? fileSet)!['@id']);
  }
});

test('a column whose name is no id is still found by its name', () => {
  const columns = [{ ...carried.columns[0]!, position: 3, name: 'a b/c' }];
  const { recordSet } = buildCroissant(samplePublication('d', '2', {}, ['big']), [
    { ...carried, columns },
  ]);
  const [field] = (recordSet as Array<{ field: Node[] }>)[0]!.field;
  expect(field).toMatchObject({ '@id': 'big.records/column@3', name: 'a b/c' });
  expect(field!.source).toMatchObject({ extract: { column: 'a b/c' } });
});

test('the same publication gives the same bytes: a retry must not conflict with itself', () => {
  const build = () => JSON.stringify(buildCroissant(samplePublication('d', '2', { a: 'a' }), []));
  expect(build()).toBe(build());
  expect(JSON.stringify(buildCroissant(samplePublication('d', '2', { a: 'a' }), []))).not.toContain(
    '@example.org',
  );
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
])('%s is %s', (type, expected) => expect(croissantType(type)).toBe(expected));
