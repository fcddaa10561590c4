/** A bucket, or a prefix of it, belongs to one catalog. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createObjectStore, MARKER, requireOwnBucket } from '../../src/store/index.js';
import { startAzurite, type Azurite } from '../helpers/azurite.js';
import { azure, minio } from '../helpers/stores-for-test.js';

const signal = new AbortController().signal;
let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

describe.each([
  ['minio', minio],
  ['azure', () => azure(azurite.connectionString)],
])('%s', (_backend, options) => {
  test('a second catalog is refused, and told how to take a prefix of its own', async () => {
    const place = options();
    const store = await createObjectStore(place);
    const [first, second] = [randomUUID(), randomUUID()];
    await requireOwnBucket(store, first, signal);
    await requireOwnBucket(store, first, signal);
    const refusal: unknown = await requireOwnBucket(store, second, signal).catch((e: unknown) => e);
    expect(refusal).toMatchObject({
      code: 'STORE_OF_ANOTHER_CATALOG',
      retryable: false,
      nextStep: expect.stringContaining('STORAGE_PREFIX='),
      message: expect.stringContaining(first),
    });
    const apart = await createObjectStore({ ...place, root: 'team-b/' });
    await requireOwnBucket(apart, second, signal);
    expect((await store.list('')).map(({ key }) => key)).toEqual([MARKER, `team-b/${MARKER}`]);
    await Promise.all([store.close(), apart.close()]);
  });

  test('of many catalogs at once one gets the bucket, and all its workers', async () => {
    const store = await createObjectStore(options());
    const catalogs = [randomUUID(), randomUUID(), randomUUID()];
    const claims = [...catalogs, ...catalogs].map((id) =>
      requireOwnBucket(store, id, signal).then(
        () => id,
        () => undefined,
      ),
    );
    const owners = (await Promise.all(claims)).filter((id) => id !== undefined);
    expect(owners).toHaveLength(2);
    expect(new Set(owners).size).toBe(1);
    await store.close();
  });

  test('a marker that is none is not taken for ours', async () => {
    const store = await createObjectStore(options());
    await store.ensureReady(signal);
    await store.putText(MARKER, 'not JSON');
    await expect(requireOwnBucket(store, randomUUID(), signal)).rejects.toMatchObject({
      code: 'STORE_OF_ANOTHER_CATALOG',
    });
    await store.close();
  });
});
