/** Kaggle: credentials in their order, references in every form, one request a pin, and failures by their codes. */
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SAMPLE_ACCOUNT } from '../../src/stack/kaggle-server/index.js';
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
  temporaryFolder,
} from '../helpers/kaggle-for-test.js';

const { username, key, token } = SAMPLE_ACCOUNT;

describe('credentials', () => {
  async function folderWith(files: Record<string, string>, mode = 0o600): Promise<string> {
    const folder = await temporaryFolder();
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(folder, name), text);
      await chmod(join(folder, name), mode);
    }
    return folder;
  }
  const nothing = { apiToken: undefined, username: undefined, key: undefined };

  test('are asked for by one request, and name the account', async () => {
    const server = await kaggleForTest();
    const identity = await sourcesForTest(server.url).checkAuth(kaggleEntry, { signal });
    expect(identity).toEqual({ account: username, method: 'KAGGLE_API_TOKEN', warnings: [] });
    expect(server.requests.map(({ service }) => service)).toEqual([
      'security.OAuthService/IntrospectToken',
    ]);
  });

  test('are taken in the order of the official clients', async () => {
    const server = await kaggleForTest();
    const json = JSON.stringify({ username, key });
    const folder = await folderWith({ 'kaggle.json': json, access_token: `${token}\n` });
    const jsonOnly = await folderWith({ 'kaggle.json': json });
    const method = async (kaggle: object) =>
      (await sourcesForTest(server.url, { kaggle }).checkAuth(undefined, { signal })).method;
    const pair = { ...nothing, username, key };
    expect(await method({ configDirectory: folder })).toBe('KAGGLE_API_TOKEN');
    expect(await method({ ...pair, configDirectory: folder })).toBe(join(folder, 'access_token'));
    expect(await method({ ...pair, configDirectory: jsonOnly })).toBe(
      'KAGGLE_USERNAME and KAGGLE_KEY',
    );
    expect(await method({ ...nothing, configDirectory: jsonOnly })).toBe(
      join(jsonOnly, 'kaggle.json'),
    );
  });

  test('may be a path in KAGGLE_API_TOKEN', async () => {
    const server = await kaggleForTest();
    const file = join(await folderWith({ 'my-token': `${token}\n` }), 'my-token');
    const sources = sourcesForTest(server.url, { kaggle: { apiToken: file } });
    expect((await sources.checkAuth(undefined, { signal })).account).toBe(username);
  });

  test('that others can read give a warning with the command that mends it', async () => {
    const server = await kaggleForTest();
    const folder = await folderWith({ 'kaggle.json': JSON.stringify({ username, key }) }, 0o644);
    const sources = sourcesForTest(server.url, { kaggle: { ...nothing, configDirectory: folder } });
    const { account, warnings } = await sources.checkAuth(undefined, { signal });
    expect(account).toBe(username);
    expect(warnings).toEqual([expect.stringContaining(`chmod 600 ${folder}`)]);
  });

  test('that are nowhere: every place is named, in order', async () => {
    const server = await kaggleForTest();
    const sources = sourcesForTest(server.url, { kaggle: { ...nothing, configDirectory: '/k' } });
    const failure = await failureOf(sources.checkAuth(undefined, { signal }));
    expect(failure.code).toBe('CREDENTIALS_MISSING');
    expect(failure.message).toMatch(
      /KAGGLE_API_TOKEN, \/k\/access_token, .*KAGGLE_USERNAME with KAGGLE_KEY, \/k\/kaggle\.json/,
    );
    expect(server.requests).toEqual([]);
  });

  test.each([
    ['a wrong token', { apiToken: 'KGAT_wrong' }],
    ['a wrong key', { ...nothing, username, key: 'wrong' }],
  ])('%s is rejected, and not shown', async (_name, kaggle) => {
    const server = await kaggleForTest();
    const failure = await failureOf(
      sourcesForTest(server.url, { kaggle }).checkAuth(undefined, { signal }),
    );
    expect(failure.code).toBe('CREDENTIALS_REJECTED');
    expect(failure.message).not.toMatch(/wrong/);
  });

  test.each([
    ['{"username": "me",\n "key": secret}', /kaggle\.json:2:9/],
    ['', /an empty file/],
    ['{"username": "me"}', /"username" and "key"/],
  ])('kaggle.json with %j is named with its place, and not quoted', async (text, message) => {
    const server = await kaggleForTest();
    const configDirectory = await folderWith({ 'kaggle.json': text });
    const sources = sourcesForTest(server.url, { kaggle: { ...nothing, configDirectory } });
    const failure = await failureOf(sources.checkAuth(undefined, { signal }));
    expect(failure.code).toBe('CREDENTIALS_UNREADABLE');
    expect(failure.message).toMatch(message);
    expect(failure.message).not.toMatch(/secret/);
  });

  test('a token of several lines is refused before it is sent, and not quoted', async () => {
    const server = await kaggleForTest();
    const sources = sourcesForTest(server.url, { kaggle: { apiToken: 'KGAT_secret\nKGAT_old' } });
    const failure = await failureOf(sources.checkAuth(undefined, { signal }));
    expect(failure.code).toBe('CREDENTIALS_UNREADABLE');
    expect(failure.message).toContain('KAGGLE_API_TOKEN');
    expect(failure.message).not.toMatch(/secret/);
    expect(server.requests).toEqual([]);
  });

  test('are not needed for other sources', async () => {
    const sources = sourcesForTest('http://127.0.0.1:9');
    const entry = datasetEntry({ source: { path: '/data' } });
    expect((await sources.checkAuth(entry, { signal })).method).toBe('none needed');
  });
});

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
  ])('of %j is refused without a request', async (kaggle_ref) => {
    const server = await kaggleForTest();
    const work = sourcesForTest(server.url).pin(datasetEntry({ kaggle_ref }), { signal });
    expect((await failureOf(work)).code).toBe('SOURCE_REFERENCE_INVALID');
    expect(server.requests).toEqual([]);
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
