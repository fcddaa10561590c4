/** Ten thousand objects below a prefix: every page is read, and the files that are wanted are found among them. */
import { randomUUID } from 'node:crypto';
import { Client } from 'minio';
import { beforeAll, expect, inject, test } from 'vitest';
import { createObjectStore } from '../../src/store/index.js';
import {
  cacheForTest,
  datasetEntry,
  obtainOptions,
  signal,
  sourcesForTest,
} from '../helpers/kaggle-for-test.js';
import { minio } from '../helpers/stores-for-test.js';

const OBJECTS = 10_000;
const AT_ONCE = 50;
const BUCKET = `source-${randomUUID()}`;
const keyOf = (number: number): string => `set/part-${String(number).padStart(5, '0')}.csv`;

const { MINIO_ENDPOINT: endpoint, ...stack } = inject('stack');
const keys = { accessKey: stack.MINIO_ACCESS_KEY, secretKey: stack.MINIO_SECRET_KEY };

beforeAll(async () => {
  const [endPoint = '', port] = endpoint.split(':');
  const client = new Client({ endPoint, port: Number(port), useSSL: false, ...keys });
  await client.makeBucket(BUCKET);
  for (let first = 0; first < OBJECTS; first += AT_ONCE) {
    const numbers = Array.from({ length: AT_ONCE }, (_none, index) => first + index);
    await Promise.all(numbers.map((n) => client.putObject(BUCKET, keyOf(n), `x\n${n}\n`)));
  }
});

test('as a source', async () => {
  const sources = sourcesForTest('http://127.0.0.1:9', {
    s3: { endpoint, useSsl: false, ...keys },
  });
  const source = { s3: `${BUCKET}/set/` };
  const all = datasetEntry({ source });
  const pin = await sources.pin(all, { signal });
  const listed = await sources.listFiles(all, pin, { signal });
  expect(new Set(listed.map(({ path }) => path)).size).toBe(OBJECTS);
  const few = datasetEntry({ source, files: { include: ['part-0999?.csv', 'part-00000.csv'] } });
  const { cache } = await cacheForTest(sources);
  const { files, bytes } = await cache.obtain(few, pin, obtainOptions);
  expect({ files, bytes }).toEqual({ files: 11, bytes: 10 * 'x\n9990\n'.length + 'x\n0\n'.length });
});

test('as what is stored', async () => {
  const store = await createObjectStore(minio({ bucket: BUCKET }));
  const found = await store.list('set/', signal);
  expect(new Set(found.map(({ key }) => key)).size).toBe(OBJECTS);
  await store.close();
});
