/** Kaggle's lists: every page, as few requests as may be, and no list without end. */
import { expect, test } from 'vitest';
import { httpServer } from '../helpers/http-server.js';
import {
  datasetEntry,
  failureOf,
  kaggleForTest,
  REF,
  signal,
  sourcesForTest,
} from '../helpers/kaggle-for-test.js';

test('search goes through the pages', async () => {
  const datasets = Array.from({ length: 30 }, (_, i) => ({
    ref: `owner/iris-${i}`,
    title: `Iris ${i}`,
    files: { 'a.csv': 'x\n' },
  }));
  const sources = sourcesForTest((await kaggleForTest({ datasets })).url);
  const found: string[] = [];
  let page: string | undefined;
  do {
    const answer = await sources.search('iris', { signal, ...(page && { page }) });
    found.push(...answer.datasets.map(({ reference }) => reference));
    page = answer.nextPage;
  } while (page !== undefined);
  expect(new Set(found).size).toBe(30);
});

const entry = datasetEntry({ kaggle_ref: REF, files: { include: ['*.csv'] } });
const pin = { kind: 'kaggle', reference: REF, version: '1', description: {} } as const;

test('files of a dataset come 200 at a time', async () => {
  const names = Array.from({ length: 450 }, (_, i) => `part-${i}.csv`);
  const files = Object.fromEntries(names.map((name) => [name, 'x\n1\n']));
  const server = await kaggleForTest({ datasets: [{ ref: REF, files }] });
  const listed = await sourcesForTest(server.url).listFiles(entry, pin, { signal });
  expect(listed.map(({ path }) => path).sort()).toEqual(names.sort());
  const lists = server.requests.filter(({ service }) => service?.endsWith('/ListDatasetFiles'));
  expect(lists).toHaveLength(3);
});

test('above 500 wanted files the archive is fetched instead', async () => {
  const names = Array.from({ length: 501 }, (_, i) => `part-${i}.csv`);
  const files = Object.fromEntries(names.map((name) => [name, 'x\n']));
  const server = await kaggleForTest({ datasets: [{ ref: REF, files }] });
  const listed = await sourcesForTest(server.url).listFiles(entry, pin, { signal });
  expect(listed).toEqual([{ path: 'archive.zip', archive: true }]);
});

test.each([
  ['a list that leads back to its start', { nextPageToken: 'again' }, /leads back/],
  ['an error within the answer', { errorMessage: 'No such version' }, /No such version/],
])('%s is an invalid answer', async (_name, extra, message) => {
  const server = await httpServer((request, response) => {
    const status = request.url?.endsWith('/GetDatasetStatus') && { status: 'READY' };
    const files = { datasetFiles: [{ name: 'a.csv', totalBytes: 4 }], ...extra };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(status || files));
  });
  const failure = await failureOf(sourcesForTest(server.url).listFiles(entry, pin, { signal }));
  expect(failure.code).toBe('SOURCE_ANSWER_INVALID');
  expect(failure.message).toMatch(message);
});
