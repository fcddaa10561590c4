/** A single file that Kaggle hands out zipped, under its own name, is that file: same path, same table, same patterns. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingsSchema } from '../../src/config/datasets.js';
import { pathAhead, unpack, wantsAhead } from '../../src/convert/index.js';
import {
  cacheForTest,
  datasetEntry,
  FILES,
  kaggleForTest,
  obtainOptions,
  REF,
  signal,
  sourcesForTest,
  temporaryFolder,
} from '../helpers/kaggle-for-test.js';

const { limits } = settingsSchema.parse({});

async function tablesOf(include: string[], zipFilesFromBytes: number) {
  const server = await kaggleForTest({ zipFilesFromBytes });
  const sources = sourcesForTest(server.url);
  const { cache } = await cacheForTest(sources);
  const entry = datasetEntry({ kaggle_ref: REF, files: { include } });
  const inflate = {
    wants: wantsAhead(entry.files),
    pathOf: pathAhead,
    maxBytes: 1e9,
    maxRatio: 1000,
  };
  const pin = await sources.pin(entry, { signal });
  const { key } = await cache.obtain(entry, pin, { ...obtainOptions, inflate });
  const files = await cache.files(key);
  const workDirectory = await temporaryFolder();
  const { tables } = await unpack({ files, workDirectory, entry, limits, signal });
  const texts = tables.map(({ file }) => readFile(join(workDirectory, file), 'utf8'));
  return {
    tables: tables.map(({ name, originalPath, sourceSha256 }) => [
      name,
      originalPath,
      sourceSha256,
    ]),
    texts: await Promise.all(texts),
  };
}

test.each([[['*.csv']], [['b/c.csv']], [['a.csv', 'b/*']]])('%j', async (include) => {
  const plain = await tablesOf(include, 1e9);
  const zipped = await tablesOf(include, 1);
  expect(zipped).toEqual(plain);
  const paths = plain.tables.map(([, path]) => path as keyof typeof FILES);
  expect(zipped.texts).toEqual(paths.map((path) => FILES[path]));
});
