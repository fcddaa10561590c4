/** The record of calls does not grow for ever: the server runs in the background for months. */
import { expect, test } from 'vitest';
import { record, type OpenRequestLog } from '../../../src/stack/kaggle-server/request-log.js';
import { httpServer } from '../../helpers/http-server.js';

test('ten thousand calls are kept, the newest', async () => {
  const call = { host: 'api', method: 'GET', headers: {}, status: 200, bytes: 0 } as const;
  const log: OpenRequestLog[] = Array.from({ length: 10_000 }, (_, i) => ({
    ...call,
    path: `/${i}`,
  }));
  const server = await httpServer((request, response) => {
    record(log, 'api', request, response);
    response.end();
  });
  await fetch(`${server.url}/newest`);
  expect(log).toHaveLength(10_000);
  expect([log[0]?.path, log.at(-1)?.path]).toEqual(['/1', '/newest']);
});
