/** What arrives of a published part: all of it under its checksum, or only what the first rows need. */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PublishedPart } from '../../src/catalog/index.js';
import { withEngine } from '../../src/convert/engine.js';
import { fetchHead, fetchPart, selectFrom } from '../../src/published/index.js';
import { createObjectStore, type ObjectStore } from '../../src/store/index.js';
import { startAzurite, type Azurite } from '../helpers/azurite.js';
import { azure, minio } from '../helpers/stores-for-test.js';

const { signal } = new AbortController();
const ROWS = 1_000_000;

let azurite: Azurite;
let folder: string;
let source: string;
let part: PublishedPart;

beforeAll(async () => {
  azurite = await startAzurite();
  folder = await mkdtemp(join(tmpdir(), 'kaggle-import-parts-'));
  source = join(folder, 'source.parquet');
  await withEngine(engine(), async (connection) => {
    // Texts that do not compress: the file is well above what is fetched whole.
    await connection.run(
      `COPY (SELECT range AS n, md5(range::VARCHAR) AS words FROM range(${ROWS}))
       TO '${source}' (FORMAT parquet, ROW_GROUP_SIZE 50000)`,
    );
  });
  const bytes = await readFile(source);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  part = { key: 'tables/large.parquet', bytes: bytes.length, rows: ROWS, sha256 };
});
afterAll(async () => {
  await azurite.stop();
  await rm(folder, { recursive: true });
});

function engine() {
  const temporaryDirectory = join(folder, 'spill');
  return { memoryLimitBytes: 500_000_000, temporaryDirectory, signal, place: 'test' };
}

describe.each([
  ['minio', minio],
  ['azure', () => azure(azurite.connectionString)],
])('%s', (backend, options) => {
  let store: ObjectStore;

  beforeAll(async () => {
    store = await createObjectStore(options());
    await store.ensureReady(signal);
    const { key, bytes, sha256 } = part;
    const contentType = 'application/octet-stream';
    await store.putImmutable(key, source, { bytes, sha256, contentType, signal });
  });
  afterAll(() => store.close());

  test('pieces of an object, and all of it', async () => {
    const collected = async (range?: { offset: number; bytes: number }): Promise<Buffer> => {
      const chunks: Buffer[] = [];
      for await (const chunk of await store.read(part.key, range)) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    };
    expect((await collected({ offset: 0, bytes: 4 })).toString()).toBe('PAR1');
    expect((await collected({ offset: part.bytes - 4, bytes: 4 })).toString()).toBe('PAR1');
    expect((await collected()).equals(await readFile(source))).toBe(true);
    await expect(store.read('tables/nothing.parquet')).rejects.toMatchObject({
      code: 'OBJECT_MISSING',
    });
  });

  test('the first rows of a large part cost a fraction of it', async () => {
    let arrived = 0;
    const onBytes = (bytes: number): void => void (arrived += bytes);
    await withEngine(engine(), async (connection) => {
      await connection.run('SET threads = 1');
      const request = { store, directory: folder, signal, onBytes };
      const file = await fetchHead(connection, part, 60_000, request);
      expect((await stat(file)).size).toBe(part.bytes);
      const reader = await connection.runAndReadAll(
        `SELECT count(*)::INTEGER, max(n)::INTEGER FROM (${selectFrom([file])} LIMIT 60000)`,
      );
      expect(reader.getRows()).toEqual([[60_000, 59_999]]);
      await rm(file);
    });
    // Two of twenty row groups, and the footer.
    expect(arrived).toBeLessThan(part.bytes / 5);
  });

  test('other bytes than those published are refused', async () => {
    const request = { store, directory: folder, signal };
    const fetched = await readFile(await fetchPart(part, request));
    expect(fetched.equals(await readFile(source))).toBe(true);
    const sha256 = '0'.repeat(64);
    await expect(fetchPart({ ...part, sha256 }, request)).rejects.toMatchObject({
      code: 'OBJECT_ALTERED',
      message: expect.stringContaining(backend === 'minio' ? 's3://' : 'http') as string,
    });
  });
});
