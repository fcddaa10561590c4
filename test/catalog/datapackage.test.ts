/** datapackage.json: a resource for each object of the publication. */
import { expect, test } from 'vitest';
import { carried, packageOf } from '../helpers/described.js';
import { samplePublication } from '../helpers/sample-publication.js';

test('datapackage.json has a resource for each object, with what there is to check it by', async () => {
  const publication = samplePublication('d', '2', { people: 'a' }, ['big']);
  const { resources, ...rest } = await packageOf(publication, [carried]);
  expect(rest).toMatchObject({
    name: 'd',
    version: '2',
    licenses: [{ name: 'CC0-1.0', path: 'https://spdx.org/licenses/CC0-1.0.html' }],
    sources: [{ title: 'kaggle:owner/people' }],
  });
  const [object] = publication.tables[0]!.objects;
  expect(resources).toMatchObject([
    { name: 'big-0001', path: '../v1-00000000/big/part-0001.parquet', rows: 1 },
    { name: 'big-0002', path: '../v1-00000000/big/part-0002.parquet', hash: 'sha256:cc2' },
    {
      ...{ name: 'people', path: 'people.parquet', rows: 3, hash: `sha256:${object!.sha256}` },
      schema: {
        missingValues: [],
        fields: [
          { name: 'passed', type: 'boolean', title: 'PASSED' },
          { name: 'email', type: 'string', title: 'EMAIL', personalData: 'email' },
        ],
      },
    },
  ]);
});

test('datapackage.json has the files that are stored as they are, and no path to one that is only listed', async () => {
  const sample = samplePublication('d', '2', { a: 'a' });
  const file = { path: 'été 1.png', bytes: 3, sha256: 'b'.repeat(64), mediaType: 'image/png' };
  const kept = [file, { ...file, key: `${sample.prefix}/files/été 1.png` }];
  const { resources } = (await packageOf({ ...sample, kept })) as { resources: object[] };
  expect(resources.slice(1)).toEqual([
    {
      $schema: 'https://datapackage.org/profiles/2.0/dataresource.json',
      name: 'file-000002',
      path: 'files/été 1.png',
      title: 'été 1.png',
      mediatype: 'image/png',
      bytes: 3,
      hash: `sha256:${'b'.repeat(64)}`,
    },
  ]);
});
