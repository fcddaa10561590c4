/** Who may call what, and what the server tells of it. */
import { expect, test } from 'vitest';
import { SAMPLE_ACCOUNT } from '../../../src/stack/kaggle-server/index.js';
import {
  BASIC,
  BEARER,
  NOBODY,
  REF,
  basic,
  call,
  callJson,
  serverForTest,
  signedUrl,
} from './calls.js';

const SET = { ownerSlug: 'owner', datasetSlug: 'set' };
const INTROSPECT = 'security.OAuthService/IntrospectToken';

test.each([
  ['the token', BEARER],
  ['the legacy key', BASIC],
])('%s is accepted', async (_, authorization) => {
  const server = await serverForTest();
  expect((await call(server, 'GetDatasetStatus', SET, authorization)).status).toBe(200);
});

test.each([
  ['a wrong token', 'Bearer wrong'],
  ['a wrong key', basic(SAMPLE_ACCOUNT.username, 'wrong')],
  ['another scheme', `Digest ${SAMPLE_ACCOUNT.token}`],
])('%s is refused in the shape of Kaggle, also where none is needed', async (_, authorization) => {
  const server = await serverForTest();
  const answer = await call(server, 'ListDatasetFiles', SET, authorization);
  expect(answer.status).toBe(401);
  expect(await answer.json()).toEqual({ code: 401, message: 'Unauthenticated' });
});

test.each([
  ['GetDataset', SET, 200],
  ['GetDatasetMetadata', SET, 200],
  ['ListDatasetFiles', SET, 200],
  ['DownloadDataset', SET, 302],
  ['GetDatasetStatus', SET, 401],
  ['ListDatasets', {}, 401],
  ['competitions.CompetitionApiService/ListDataFiles', { competitionName: 'cup' }, 401],
])('without credentials %s %o answers %i', async (method, body, status) => {
  const server = await serverForTest();
  expect((await call(server, method, body, NOBODY)).status).toBe(status);
});

test('a private dataset of somebody else is denied, a missing one not found', async () => {
  const server = await serverForTest();
  const secret = { ownerSlug: 'somebody', datasetSlug: 'secret' };
  expect((await call(server, 'GetDataset', secret)).status).toBe(403);
  const missing = await call(server, 'GetDataset', { ownerSlug: 'no', datasetSlug: 'no' });
  expect(missing.status).toBe(404);
  expect(await missing.json()).toMatchObject({ code: 404 });
});

test('a token is introspected without being presented', async () => {
  const server = await serverForTest();
  const { token, username } = SAMPLE_ACCOUNT;
  const known = await call(server, INTROSPECT, { token }, NOBODY);
  expect(await known.json()).toMatchObject({ active: true, username });
  expect(await callJson(server, INTROSPECT, { token: 'other' })).toEqual({ active: false });
});

test('credentials that reach the storage host are seen in the log, and no log shows them', async () => {
  const server = await serverForTest();
  await fetch(await signedUrl(server), { headers: { authorization: BEARER } });
  const [api, storage] = server.requests;
  expect(api).toMatchObject({ host: 'api', dataset: REF, status: 302 });
  expect(api?.headers['authorization']).toBe('Bearer [redacted]');
  expect(storage).toMatchObject({ host: 'storage', dataset: REF, status: 200 });
  expect(storage?.headers['authorization']).toBe('Bearer [redacted]');
  expect(JSON.stringify(server.requests)).not.toContain(SAMPLE_ACCOUNT.token);
});
