/** Kaggle: references in every form, one request a pin, and failures by their codes. */
import { describe, expect, test } from 'vitest';
import { parseDatasetReference } from '../../src/source/kaggle/reference.js';
import {
  cacheForTest,
  datasetEntry,
  failureOf,
  FILES,
  IMPATIENT,
  kaggleEntry,
  kaggleForTest,
  obtainOptions,
  REF,
  signal,
  sourcesForTest,
} from '../helpers/kaggle-for-test.js';

describe('a pin', () => {
  test('costs one request, and carries what the catalog wants to know', async () => {
    const server = await kaggleForTest();
    const pin = await sourcesForTest(server.url).pin(kaggleEntry, { signal });
    const totalBytes = Object.values(FILES).reduce((sum, { length }) => sum + length, 0);
    expect(pin).toMatchObject({ kind: 'kaggle', reference: REF, version: '1', totalBytes });
    expect(pin.description).toMatchObject({
      title: 'A set',
      licence: 'CC0-1.0',
      tags: ['tabular'],
      lastUpdated: '2024-01-01T00:00:00.000Z',
      url: `https://www.kaggle.com/datasets/${REF}`,
    });
    expect(server.requests.length).toBe(1);
  });

  test.each([
    'owner/set',
    'owner/set/versions/1',
    'https://www.kaggle.com/datasets/owner/set',
    'https://www.kaggle.com/datasets/owner/set/data?select=a.csv#top',
    'https://www.kaggle.com/datasets/owner/set/versions/1',
    'kaggle.com/owner/set',
  ])('is found by %s', async (kaggle_ref) => {
    const server = await kaggleForTest();
    await server.publishVersion(REF, { 'a.csv': 'x\n2\n' });
    const pin = await sourcesForTest(server.url).pin(datasetEntry({ kaggle_ref }), { signal });
    const version = kaggle_ref.includes('versions') ? '1' : '2';
    expect(pin).toMatchObject({ reference: REF, version });
  });

  test.each([
    'iris',
    'a/b/c',
    'owner/set/versions/zero',
    'https://example.org/owner/set',
    'https://www.kaggle.com/competitions/titanic',
  ])('of %j is refused, by the configuration already', (reference) => {
    expect(() => parseDatasetReference(reference)).toThrow(
      expect.objectContaining({ code: 'SOURCE_REFERENCE_INVALID' }),
    );
    expect(() => datasetEntry({ kaggle_ref: reference })).toThrow(/owner\/slug.*found/);
  });

  test.each([
    ['an unknown dataset', 'owner/none', 'SOURCE_NOT_FOUND'],
    ['an unknown version', 'owner/set/versions/9', 'SOURCE_NOT_FOUND'],
    ["somebody's private dataset", 'somebody/secret', 'SOURCE_FORBIDDEN'],
  ])('of %s fails with its code', async (_name, kaggle_ref, code) => {
    const server = await kaggleForTest();
    const work = sourcesForTest(server.url).pin(datasetEntry({ kaggle_ref }), { signal });
    expect((await failureOf(work)).code).toBe(code);
  });

  test.each([
    ['a gateway that limits', { kind: 'too-many-requests', retryAfterSeconds: 7 }, 'RATE_LIMITED'],
    ['an outage', { kind: 'status', status: 503 }, 'SOURCE_SERVER_ERROR'],
    ['an error under HTTP 200', { kind: 'error-in-200' }, 'SOURCE_SERVER_ERROR'],
    ['a login page', { kind: 'html', match: { service: 'GetDataset' } }, 'SOURCE_ANSWER_INVALID'],
    ['silence', { kind: 'hang', match: { service: 'GetDataset' } }, 'SOURCE_UNREACHABLE'],
    ['401', { kind: 'status', status: 401 }, 'CREDENTIALS_REJECTED'],
    ['404', { kind: 'status', status: 404 }, 'SOURCE_NOT_FOUND'],
    ['410', { kind: 'status', status: 410 }, 'SOURCE_GONE'],
  ] as const)('meets %s with its code', async (_name, fault, code) => {
    const server = await kaggleForTest();
    server.faults.add(fault);
    const sources = sourcesForTest(server.url, fault.kind === 'hang' ? IMPATIENT : {});
    const failure = await failureOf(sources.pin(kaggleEntry, { signal }));
    expect(failure.code).toBe(code);
    if (code === 'RATE_LIMITED') expect(failure.context.retryAfterMs).toBeGreaterThanOrEqual(7000);
  });

  test('survives one connection that is cut before the answer', async () => {
    const server = await kaggleForTest();
    server.faults.add({ kind: 'cut', afterBytes: 0, match: { service: 'GetDataset' } });
    const pin = await sourcesForTest(server.url).pin(kaggleEntry, { signal });
    expect(pin.version).toBe('1');
  });

  test('of a competition needs its rules accepted, and says where', async () => {
    const server = await kaggleForTest();
    const sources = sourcesForTest(server.url);
    const entry = datasetEntry({ competition: 'cup' });
    const failure = await failureOf(sources.pin(entry, { signal }));
    expect(failure.code).toBe('RULES_NOT_ACCEPTED');
    expect(failure.nextStep).toContain('https://www.kaggle.com/competitions/cup/rules');
    server.acceptRules('cup');
    const pin = await sources.pin(entry, { signal });
    expect(pin).toMatchObject({ kind: 'competition', reference: 'cup', totalBytes: 4 });
  });

  test('of a competition leads to its archive, or to the wanted files', async () => {
    const server = await kaggleForTest();
    server.acceptRules('cup');
    const sources = sourcesForTest(server.url);
    const { cache } = await cacheForTest(sources);
    const names = async (fields: object) => {
      const entry = datasetEntry({ competition: 'https://www.kaggle.com/c/cup', ...fields });
      const pin = await sources.pin(entry, { signal });
      const { key } = await cache.obtain(entry, pin, obtainOptions);
      return (await cache.files(key)).map(({ path }) => path);
    };
    expect(await names({})).toEqual(['archive.zip']);
    expect(await names({ files: { include: ['train.csv'] } })).toEqual(['train.csv']);
    server.acceptRules('cup', false);
    const entry = datasetEntry({ competition: 'cup' });
    const pin = { kind: 'competition', reference: 'cup', version: 'x', description: {} } as const;
    // Also where the address of the version before is still at hand.
    const failure = await failureOf(cache.obtain(entry, pin, obtainOptions));
    expect(failure.code).toBe('RULES_NOT_ACCEPTED');
  });
});

test('a server that is not there is unreachable, an unknown host as well', async () => {
  for (const base of ['http://127.0.0.1:9/api', 'http://no-such-host.invalid/api']) {
    const failure = await failureOf(sourcesForTest(base).pin(kaggleEntry, { signal }));
    expect(failure.code).toBe('SOURCE_UNREACHABLE');
  }
});

test('cancelling ends a call at once with the reason', async () => {
  const server = await kaggleForTest();
  server.faults.add({ kind: 'hang', match: { service: 'GetDataset' } });
  const cancel = new AbortController();
  const work = sourcesForTest(server.url).pin(kaggleEntry, { signal: cancel.signal });
  cancel.abort(new Error('cancelled by the test'));
  await expect(work).rejects.toThrow('cancelled by the test');
});
