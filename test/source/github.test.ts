/** GitHub: commits, releases, patterns, git's own checksums and the hourly budget, against a small local API. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { httpServer } from '../helpers/http-server.js';
import {
  cacheForTest,
  datasetEntry,
  failureOf,
  obtainOptions,
  signal,
  sourcesForTest,
} from '../helpers/kaggle-for-test.js';

const COMMIT = 'c0ffee'.padEnd(40, '0');
const FILES: Record<string, string> = {
  'README.md': '# Data\n',
  'data/iris.csv': 'x\n1\n',
  'data/wine.csv': 'y\n2\n',
};

function blobSha(content: string): string {
  return createHash('sha1').update(`blob ${content.length}\0${content}`).digest('hex');
}

async function gitHub(served: Record<string, string> = FILES) {
  const asset = { id: 7, name: 'all.csv', size: 4, updated_at: '2024-01-01T00:00:00Z' };
  const sha256 = createHash('sha256').update('z\n3\n').digest('hex');
  const release = {
    tag_name: 'v1.0',
    html_url: 'https://github.com/o/r/releases/v1.0',
    assets: [{ ...asset, digest: `sha256:${sha256}` }],
  };
  const answers: Record<string, unknown> = {
    '/repos/o/r/commits/HEAD': { sha: COMMIT, html_url: `https://github.com/o/r/commit/${COMMIT}` },
    [`/repos/o/r/git/trees/${COMMIT}?recursive=1`]: {
      tree: Object.entries(FILES).map(([path, content]) => ({
        path,
        type: 'blob',
        sha: blobSha(content),
        size: content.length,
      })),
    },
    '/repos/o/r/releases/latest': release,
    '/repos/o/r/releases/tags/v1.0': release,
  };
  return httpServer((request, response) => {
    const path = request.url ?? '';
    const blob = Object.entries(FILES).find(([, content]) => path.endsWith(blobSha(content)));
    if (path in answers) response.end(JSON.stringify(answers[path]));
    else if (blob) response.end(served[blob[0]]);
    else if (path.endsWith('/assets/7')) response.end('z\n3\n');
    else if (path.includes('/limited/')) {
      response.setHeader('x-ratelimit-remaining', '0');
      response.setHeader('x-ratelimit-reset', String(Math.ceil(Date.now() / 1000) + 600));
      response.writeHead(403).end('{"message": "API rate limit exceeded"}');
    } else response.writeHead(404).end('{"message": "Not Found"}');
  });
}

async function obtain(source: object, apiBase: string, files?: object) {
  const sources = sourcesForTest('http://127.0.0.1:9', { github: { apiBase } });
  const { cache } = await cacheForTest(sources);
  const entry = datasetEntry({ source, ...(files && { files }) });
  const pin = await sources.pin(entry, { signal });
  const { key } = await cache.obtain(entry, pin, obtainOptions);
  return { pin, paths: (await cache.files(key)).map(({ path }) => path) };
}

test('a repository is pinned to a commit, and its tabular files are fetched', async () => {
  const { url } = await gitHub();
  const { pin, paths } = await obtain({ github: 'https://github.com/o/r.git' }, url);
  expect(pin).toMatchObject({ reference: 'o/r', version: COMMIT });
  expect(paths).toEqual(['data/iris.csv', 'data/wine.csv']);
});

test('patterns choose among the files', async () => {
  const { url } = await gitHub();
  const { paths } = await obtain({ github: 'o/r' }, url, { include: ['data/w*.csv'] });
  expect(paths).toEqual(['data/wine.csv']);
});

test('a release gives its assets', async () => {
  const { url } = await gitHub();
  const { pin, paths } = await obtain({ github: 'o/r', release: 'latest' }, url);
  expect(pin.version).toMatch(/^v1\.0-[0-9a-f]{8}$/);
  expect(paths).toEqual(['all.csv']);
});

test('bytes that are not those of the commit are refused', async () => {
  const { url } = await gitHub({ ...FILES, 'data/iris.csv': 'x\n9\n' });
  const failure = await failureOf(obtain({ github: 'o/r' }, url));
  expect(failure.code).toBe('CHECKSUM_MISMATCH');
});

test.each([
  ['o/none', 'SOURCE_NOT_FOUND'],
  ['o/limited', 'RATE_LIMITED'],
  ['just-a-name', 'SOURCE_REFERENCE_INVALID'],
])('%s fails with its code', async (repo, code) => {
  const { url } = await gitHub();
  const failure = await failureOf(obtain({ github: repo }, url));
  expect(failure.code).toBe(code);
  if (code === 'RATE_LIMITED') expect(failure.context.retryAfterMs).toBeGreaterThan(300_000);
});

test('a budget that is used up in the middle of the files is waited for, and the files so far are kept', async () => {
  let exhausted = true;
  const first = blobSha(FILES['data/iris.csv']!);
  const server = await gitHub();
  const api = await httpServer((request, response) => {
    if (exhausted && request.url?.includes('/git/blobs/') && !request.url.endsWith(first)) {
      response.writeHead(403, { 'retry-after': '90' }).end('{"message": "rate limit"}');
    } else response.writeHead(307, { location: server.url + request.url }).end();
  });
  const sources = sourcesForTest('http://127.0.0.1:9', { github: { apiBase: api.url } });
  const { cache } = await cacheForTest(sources, { parallelDownloads: 1 });
  const entry = datasetEntry({ source: { github: 'o/r' } });
  const pin = await sources.pin(entry, { signal });
  const failure = await failureOf(cache.obtain(entry, pin, obtainOptions));
  expect(failure.code).toBe('RATE_LIMITED');
  expect(failure.context.retryAfterMs).toBeGreaterThanOrEqual(90_000);
  exhausted = false;
  const cached = await cache.obtain(entry, pin, obtainOptions);
  expect(cached.files).toBe(2);
  expect(cached.transferredBytes).toBe(FILES['data/wine.csv']!.length);
});
