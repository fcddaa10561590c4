/** What the server says of datasets, versions, files and competitions. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { call, callJson, serverForTest } from './calls.js';

const SET = { ownerSlug: 'owner', datasetSlug: 'set' };
const COMPETITIONS = 'competitions.CompetitionApiService';

test('search finds datasets by every word, and no competitions', async () => {
  const server = await serverForTest();
  const refs = async (search: string) => {
    const { datasets } = await callJson(server, 'ListDatasets', { search });
    return (datasets as { ref: string }[]).map(({ ref }) => ref);
  };
  expect(await refs('')).toEqual(['owner/set']);
  expect(await refs('SET tabular')).toEqual(['owner/set']);
  expect(await refs('set absent')).toEqual([]);
});

test('a view carries version, size and licence', async () => {
  const server = await serverForTest();
  expect(await callJson(server, 'GetDataset', SET)).toMatchObject({
    ref: 'owner/set',
    currentVersionNumber: 1,
    licenseName: 'CC0-1.0',
    versions: [{ versionNumber: 1 }],
  });
  expect(await callJson(server, 'GetDatasetMetadata', SET)).toMatchObject({
    info: { licenses: [{ name: 'CC0-1.0' }] },
  });
  expect(await callJson(server, 'GetDatasetStatus', SET)).toEqual({ status: 'READY' });
});

test('files come 20 a page unless asked otherwise, until the last token', async () => {
  const files = Object.fromEntries(Array.from({ length: 45 }, (_, i) => [`f${100 + i}.csv`, 'x']));
  const server = await serverForTest({ datasets: [{ ref: 'owner/set', files }] });
  const sizes: number[] = [];
  const names: string[] = [];
  let pageToken: string | undefined;
  do {
    const page = (await callJson(server, 'ListDatasetFiles', { ...SET, pageToken })) as {
      datasetFiles: { name: string }[];
      nextPageToken?: string;
    };
    sizes.push(page.datasetFiles.length);
    names.push(...page.datasetFiles.map(({ name }) => name));
    pageToken = page.nextPageToken;
  } while (pageToken);
  expect(sizes).toEqual([20, 20, 5]);
  expect(names).toEqual(Object.keys(files));
  const { datasetFiles } = await callJson(server, 'ListDatasetFiles', { ...SET, pageSize: 50 });
  expect(datasetFiles).toHaveLength(45);
  expect((await call(server, 'ListDatasetFiles', { ...SET, pageToken: 'x' })).status).toBe(400);
});

test('a published version becomes the current one; the one before stays', async () => {
  const server = await serverForTest();
  expect(await server.publishVersion('owner/set', { 'b.csv': 'y\n2\n' })).toBe(2);
  const { currentVersionNumber, versions } = await callJson(server, 'GetDataset', SET);
  expect(currentVersionNumber).toBe(2);
  expect(versions).toHaveLength(2);
  const names = async (datasetVersionNumber?: number) => {
    const answer = await callJson(server, 'ListDatasetFiles', { ...SET, datasetVersionNumber });
    return (answer['datasetFiles'] as { name: string }[]).map(({ name }) => name);
  };
  expect(await names()).toEqual(['b.csv']);
  expect(await names(1)).toEqual(['a.csv', 'folder/noise.bin', 'large.csv']);
  const missing = { ...SET, datasetVersionNumber: 9 };
  expect((await call(server, 'ListDatasetFiles', missing)).status).toBe(404);
});

test('competition files are closed until the rules are accepted', async () => {
  const server = await serverForTest();
  const body = { competitionName: 'cup' };
  for (const method of ['ListDataFiles', 'DownloadDataFiles', 'DownloadDataFile']) {
    const refused = await call(server, `${COMPETITIONS}/${method}`, body);
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ code: 403 });
  }
  server.acceptRules('cup');
  const { files } = await callJson(server, `${COMPETITIONS}/ListDataFiles`, body);
  expect(files).toMatchObject([{ name: 'train.csv', totalBytes: 4 }]);
  expect((await call(server, `${COMPETITIONS}/DownloadDataFiles`, body)).status).toBe(302);
});

test('a folder in the layout of Kaggle is served, subfolders too, metadata and hidden files not', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'kaggle-layout-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const root = path.join(directory, 'owner', 'set');
  await mkdir(path.join(root, 'sub'), { recursive: true });
  const metadata = { title: 'From disk', id: 'owner/set', licenses: [{ name: 'CC-BY-4.0' }] };
  await writeFile(path.join(root, 'dataset-metadata.json'), JSON.stringify(metadata));
  await writeFile(path.join(root, 'sub', 'a.csv'), 'x\n');
  await writeFile(path.join(root, '.hidden'), 'x\n');
  const server = await serverForTest({ datasetsDirectory: directory, datasets: [] });
  const view = await callJson(server, 'GetDataset', SET);
  expect(view).toMatchObject({ title: 'From disk', licenseName: 'CC-BY-4.0', totalBytes: 2 });
  const { datasetFiles } = await callJson(server, 'ListDatasetFiles', SET);
  expect(datasetFiles).toMatchObject([{ name: 'sub/a.csv', totalBytes: 2 }]);
});
