/** current.json follows the catalog and never goes back, whoever stands still in the middle of writing it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../src/catalog/index.js';
import { movePointer, pointerKey } from '../../src/publication/pointer.js';
import { createObjectStore, type ObjectStore } from '../../src/store/index.js';
import { startAzurite, type Azurite } from '../helpers/azurite.js';
import { publishSample, samplePublication } from '../helpers/sample-publication.js';
import { azure, minio } from '../helpers/stores-for-test.js';
import { createTestCatalog, type TestCatalog } from '../helpers/test-database.js';

const { signal } = new AbortController();
let azurite: Azurite;
let database: TestCatalog;
let catalog: Catalog;

beforeAll(async () => {
  azurite = await startAzurite();
  database = await createTestCatalog();
  ({ catalog } = database);
});
afterAll(async () => {
  await database.drop();
  await azurite.stop();
});

describe.each([
  ['minio', () => minio()],
  ['azure', () => azure(azurite.connectionString)],
])('%s', (backend, options) => {
  const dataset = `pointed-${backend}`;
  let store: ObjectStore;
  let version = 0;

  beforeAll(async () => {
    store = await createObjectStore(options());
    await store.ensureReady(signal);
  });
  afterAll(() => store.close());

  const publish = () => {
    version += 1;
    return publishSample(catalog, samplePublication(dataset, String(version), { t: `${version}` }));
  };
  const pointed = async () => {
    const found = await store.getText(pointerKey(store.root, dataset));
    return found && (JSON.parse(found.text) as { version: string }).version;
  };

  test('nothing is pointed at before the first publication', async () => {
    await movePointer({ catalog, store }, dataset, signal);
    expect(await pointed()).toBeUndefined();
  });

  test('a writer that stood still before its write is refused, and writes what is current by then', async () => {
    for (let round = 0; round < 2; round += 1) {
      await publish();
      const written: string[] = [];
      const still: ObjectStore = {
        ...store,
        async putText(key, text, etag, abort) {
          if (written.length === 0) {
            await publish();
            await movePointer({ catalog, store }, dataset, signal);
          }
          written.push(text);
          return store.putText(key, text, etag, abort);
        },
      };
      await movePointer({ catalog, store: still }, dataset, signal);
      expect(written.length).toBe(1);
      expect(await pointed()).toBe(String(version));
    }
  });

  test('a store that knows no conditions is put right after the write', async () => {
    await publish();
    let writes = 0;
    const careless: ObjectStore = {
      ...store,
      async putText(key, text, _etag, abort) {
        writes += 1;
        // Meanwhile somebody else goes on.
        if (writes === 1) await publish();
        return store.putText(key, text, (await store.getText(key))?.etag, abort);
      },
    };
    await movePointer({ catalog, store: careless }, dataset, signal);
    expect(writes).toBe(2);
    expect(await pointed()).toBe(String(version));
  });

  test('many at once end with what is current', async () => {
    await Promise.all(
      Array.from({ length: 8 }, async () => movePointer({ catalog, store }, dataset, signal)),
    );
    await publish();
    await Promise.all(
      Array.from({ length: 8 }, async () => movePointer({ catalog, store }, dataset, signal)),
    );
    expect(await pointed()).toBe(String(version));
  });
});
