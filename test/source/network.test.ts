/** The way to a source: proxies for both schemes, exceptions from them, and certificate authorities of one's own. */
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { proxyTo } from '../helpers/forwarding-proxy.js';
import { httpServer, serveBytes } from '../helpers/http-server.js';
import {
  cacheForTest,
  datasetEntry,
  failureOf,
  IMPATIENT,
  kaggleEntry,
  kaggleForTest,
  obtainOptions,
  signal,
  sourcesForTest,
} from '../helpers/kaggle-for-test.js';
import { ownCertificate } from '../helpers/own-certificate.js';

const NOWHERE = 'http://127.0.0.1:9';
const CSV = Buffer.from('x,y\n1,2\n');

const urlEntry = (url: string) => datasetEntry({ source: { url } });

test('a proxy is used, except for the hosts of NO_PROXY', async () => {
  const server = await httpServer((request, response) => serveBytes(request, response, CSV));
  const proxy = await proxyTo(server.port);
  const entry = urlEntry(`${server.url}/data.csv`);
  const proxies = { httpProxy: proxy.url };
  await sourcesForTest(NOWHERE, { proxies }).pin(entry, { signal });
  expect(proxy.asked).toEqual([`127.0.0.1:${server.port}`]);
  const direct = sourcesForTest(NOWHERE, { proxies: { ...proxies, noProxy: '127.0.0.1' } });
  await direct.pin(entry, { signal });
  expect(proxy.asked.length).toBe(1);
});

test('a redirect from a public host to the inside is refused', async () => {
  const inside = 'http://169.254.169.254/latest/meta-data';
  const server = await httpServer((_request, response) =>
    response.writeHead(302, { location: inside }).end(),
  );
  const proxy = await proxyTo(server.port);
  const sources = sourcesForTest(NOWHERE, {
    allowPrivateAddresses: false,
    proxies: { httpProxy: proxy.url },
  });
  const work = sources.pin(urlEntry('http://data.example.org/data.csv'), { signal });
  expect((await failureOf(work)).code).toBe('PRIVATE_ADDRESS_REFUSED');
  expect(proxy.asked).toEqual(['data.example.org:80']);
});

test('a redirect that leads to no address is an answer that is none', async () => {
  const server = await httpServer((_request, response) =>
    response.writeHead(302, { location: 'http://[half?sig=hunter2' }).end(),
  );
  const work = sourcesForTest(NOWHERE).pin(urlEntry(`${server.url}/data.csv`), { signal });
  const failure = await failureOf(work);
  expect(failure.code).toBe('SOURCE_ANSWER_INVALID');
  expect(failure.message).not.toContain('hunter2');
});

/** An HTTPS server of a certificate that nobody knows, and the file that makes it known. */
async function privateServer() {
  const { tls, caFile } = await ownCertificate();
  const server = await httpServer((request, response) => serveBytes(request, response, CSV), tls);
  return { server, caFile };
}

test('an unknown certificate is refused, and accepted from the file of authorities', async () => {
  const { server, caFile } = await privateServer();
  const entry = urlEntry(`${server.url}/data.csv`);
  const failure = await failureOf(sourcesForTest(NOWHERE).pin(entry, { signal }));
  expect(failure.code).toBe('SOURCE_TLS_FAILED');
  const trusting = sourcesForTest(NOWHERE, { caFile });
  expect((await trusting.pin(entry, { signal })).version).toMatch(/^[0-9a-f]{12}$/);
});

test('HTTPS goes through the proxy in a tunnel, and the certificate is still checked', async () => {
  const { server, caFile } = await privateServer();
  const proxy = await proxyTo(server.port);
  const proxies = { httpsProxy: proxy.url };
  const entry = urlEntry(`${server.url}/data.csv`);
  const failure = await failureOf(sourcesForTest(NOWHERE, { proxies }).pin(entry, { signal }));
  expect(failure.code).toBe('SOURCE_TLS_FAILED');
  const sources = sourcesForTest(NOWHERE, { proxies, caFile });
  const { cache } = await cacheForTest(sources);
  const { key } = await cache.obtain(entry, await sources.pin(entry, { signal }), obtainOptions);
  expect(await readFile((await cache.files(key))[0]!.absolutePath)).toEqual(CSV);
  expect(new Set(proxy.asked)).toEqual(new Set([`127.0.0.1:${server.port}`]));
  const direct = sourcesForTest(NOWHERE, { proxies: { ...proxies, noProxy: '127.0.0.1' }, caFile });
  const asked = proxy.asked.length;
  await direct.pin(entry, { signal });
  expect(proxy.asked.length).toBe(asked);
});

test('Kaggle and its storage host are both reached through the proxy', async () => {
  const server = await kaggleForTest();
  const proxy = await proxyTo();
  const sources = sourcesForTest(server.url, { proxies: { httpProxy: proxy.url } });
  const { cache } = await cacheForTest(sources);
  await cache.obtain(kaggleEntry, await sources.pin(kaggleEntry, { signal }), obtainOptions);
  const hosts = [server.url, server.storageUrl].map((url) => new URL(url).host);
  expect(new Set(proxy.asked)).toEqual(new Set(hosts));
});

test('a proxy that is not there is unreachable', async () => {
  const sources = sourcesForTest('http://kaggle.example.org', { proxies: { httpProxy: NOWHERE } });
  expect((await failureOf(sources.pin(kaggleEntry, { signal }))).code).toBe('SOURCE_UNREACHABLE');
});

/** A body of one byte now and then, without end. */
function trickle(response: ServerResponse): void {
  const timer = setInterval(() => response.write('x'), 100);
  response.on('close', () => clearInterval(timer));
}

test('a redirect whose body never ends is followed all the same', async () => {
  const server = await httpServer((request, response) => {
    if (request.url === '/data.csv') {
      trickle(response.writeHead(302, { location: '/elsewhere.csv' }));
    } else serveBytes(request, response, CSV);
  });
  const sources = sourcesForTest(NOWHERE);
  const { cache } = await cacheForTest(sources);
  const entry = urlEntry(`${server.url}/data.csv`);
  const pin = { kind: 'url', reference: server.url, version: '1', description: {} } as const;
  expect((await cache.obtain(entry, pin, obtainOptions)).bytes).toBe(CSV.length);
});

test.each([200, 500])(
  'an answer with status %i that trickles without end is given up',
  async (status) => {
    const server = await httpServer((_request, response) => trickle(response.writeHead(status)));
    const sources = sourcesForTest(server.url, IMPATIENT);
    const failure = await failureOf(sources.pin(kaggleEntry, { signal }));
    expect(failure).toMatchObject({ code: 'SOURCE_UNREACHABLE', retryable: true });
  },
);
