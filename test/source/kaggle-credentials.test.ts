/** Kaggle credentials: in the order of the official clients, checked by one request, and told apart when wrong. */
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SAMPLE_ACCOUNT } from '../../src/stack/kaggle-server/index.js';
import {
  datasetEntry,
  failureOf,
  kaggleEntry,
  kaggleForTest,
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
