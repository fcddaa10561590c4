/** Files that are replaced by others of the same size while they are imported: of one state, or refused. */
import { createHash, randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { BlobServiceClient } from '@azure/storage-blob';
import { Client } from 'minio';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Sources } from '../../src/source/index.js';
import { ReceivedBody } from '../../src/source/received-body.js';
import { ImportError } from '../../src/errors/index.js';
import { startAzurite, type Azurite } from '../helpers/azurite.js';
import { httpServer } from '../helpers/http-server.js';
import {
  cacheForTest,
  datasetEntry,
  obtainOptions,
  signal,
  sourcesForTest,
  temporaryFolder,
} from '../helpers/kaggle-for-test.js';
import { noiseBytes } from '../helpers/noise-bytes.js';

const NOWHERE = 'http://127.0.0.1:9';
const BYTES = 300_000;
const [ONE, TWO] = [noiseBytes(BYTES, 'one'), noiseBytes(BYTES, 'two')];
/** Of a transfer that breaks. */
const BREAKS_AT = 100_000;

interface Replaceable {
  readonly sources: Sources;
  readonly source: object;
  /** One by two, which has the same size. */
  readonly replace: () => Promise<unknown>;
}

let azurite: Azurite;
beforeAll(async () => (azurite = await startAzurite()));
afterAll(() => azurite.stop());

async function s3(): Promise<Replaceable> {
  const { MINIO_ENDPOINT: endpoint, ...stack } = inject('stack');
  const [endPoint = '', port] = endpoint.split(':');
  const keys = { accessKey: stack.MINIO_ACCESS_KEY, secretKey: stack.MINIO_SECRET_KEY };
  const client = new Client({ endPoint, port: Number(port), useSSL: false, ...keys });
  const bucket = `source-${randomUUID()}`;
  const put = (bytes: Buffer) => client.putObject(bucket, 'set/data.bin', bytes);
  await client.makeBucket(bucket);
  await put(ONE);
  const sources = sourcesForTest(NOWHERE, { s3: { endpoint, useSsl: false, ...keys } });
  return { sources, source: { s3: `${bucket}/set/` }, replace: () => put(TWO) };
}

/** A store that lists no ETags: when an object was written has to do. */
async function s3WithoutTags(): Promise<Replaceable> {
  let [bytes, written] = [ONE, new Date('2024-01-01T00:00:00Z')];
  const { url } = await httpServer((request, response) => {
    response.setHeader('last-modified', written.toUTCString());
    if (!request.url?.includes('list-type')) return void response.end(bytes);
    const facts = `<Size>${BYTES}</Size><LastModified>${written.toISOString()}</LastModified>`;
    const object = `<Contents><Key>set/data.bin</Key>${facts}</Contents>`;
    response.end(`<ListBucketResult>${object}</ListBucketResult>`);
  });
  const sources = sourcesForTest(NOWHERE, { s3: { endpoint: url, useSsl: false } });
  const replace = () => Promise.resolve(([bytes, written] = [TWO, new Date()]));
  return { sources, source: { s3: 'bucket/set/' }, replace };
}

async function azure(): Promise<Replaceable> {
  const { connectionString } = azurite;
  const service = BlobServiceClient.fromConnectionString(connectionString);
  const { containerClient } = await service.createContainer(`source-${randomUUID()}`);
  const put = (bytes: Buffer) =>
    containerClient.getBlockBlobClient('set/data.bin').upload(bytes, bytes.length);
  await put(ONE);
  const sources = sourcesForTest(NOWHERE, { azure: { connectionString } });
  return {
    sources,
    source: { azure: `${containerClient.containerName}/set/` },
    replace: () => put(TWO),
  };
}

async function path(): Promise<Replaceable> {
  const file = join(await temporaryFolder(), 'data.bin');
  await writeFile(file, ONE);
  // In its place, as `cp` does.
  const replace = () => writeFile(file, TWO, { flag: 'r+' });
  return { sources: sourcesForTest(NOWHERE), source: { path: file }, replace };
}

/** Assets are replaced under the same name; GitHub tells of newer ones what their bytes are. */
function release(hasDigest: boolean) {
  return async (): Promise<Replaceable> => {
    let [bytes, id] = [ONE, 7];
    const { url } = await httpServer((request, response) => {
      if (request.url?.includes('/assets/')) return void response.end(bytes);
      const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
      const asset = { id, name: 'data.csv', size: BYTES, updated_at: `2024-01-0${id}T00:00:00Z` };
      const assets = [hasDigest ? { ...asset, digest } : asset];
      response.end(JSON.stringify({ tag_name: 'v1', html_url: url, assets }));
    });
    const sources = sourcesForTest(NOWHERE, { github: { apiBase: url } });
    const replace = () => Promise.resolve(([bytes, id] = [TWO, 8]));
    return { sources, source: { github: 'o/r', release: 'latest' }, replace };
  };
}

/** By kind. */
const KINDS = {
  s3,
  's3 without ETags': s3WithoutTags,
  azure,
  path,
  'a release': release(false),
  'a release with digests': release(true),
};

/** What they have begun to send is one state to its end; of a release, its digest says so. */
const SENT_AS_ONE = new Set(['s3', 's3 without ETags', 'azure', 'a release with digests']);

type Open = Sources['open'];
type Arrange = (place: Pick<Replaceable, 'sources' | 'replace'>) => Promise<Sources>;

/** Sources that are replaced at this moment of a download. */
const MOMENTS: Readonly<Record<string, Arrange>> = {
  'before its list': async ({ sources, replace }) => {
    await replace();
    return sources;
  },
  'behind its list': ({ sources, replace }) => {
    const listFiles: Sources['listFiles'] = async (...call) => {
      const files = await sources.listFiles(...call);
      await replace();
      return files;
    };
    return Promise.resolve({ ...sources, listFiles });
  },
  'in a break of the transfer': ({ sources, replace }) => {
    let isFirst = true;
    const open: Open = async (...call) => {
      const opened = await sources.open(...call);
      if (!isFirst) return opened;
      isFirst = false;
      return { ...opened, body: new ReceivedBody(Readable.from(broken(opened.body, replace))) };
    };
    return Promise.resolve({ ...sources, open });
  },
  'while it is sent': ({ sources, replace }) => {
    const open: Open = async (...call) => {
      const opened = await sources.open(...call);
      await replace();
      return opened;
    };
    return Promise.resolve({ ...sources, open });
  },
};

async function* broken(body: ReceivedBody, replace: () => Promise<unknown>) {
  for await (const chunk of body) {
    yield chunk.subarray(0, BREAKS_AT);
    break;
  }
  await replace();
  body.destroy();
  throw new Error('the connection broke');
}

/** What an import of the pinned version has in the end. */
async function outcome({ sources, source, replace }: Replaceable, arrange: Arrange) {
  const entry = datasetEntry({ source });
  const pin = await sources.pin(entry, { signal });
  const { cache } = await cacheForTest(await arrange({ sources, replace }));
  try {
    const { key } = await cache.obtain(entry, pin, obtainOptions);
    const [file] = await cache.files(key);
    const bytes = await readFile(file!.absolutePath);
    return bytes.equals(ONE) ? 'what was pinned' : 'other bytes';
  } catch (error) {
    if (error instanceof ImportError) return error.code;
    throw error;
  }
}

const CASES = Object.entries(KINDS).flatMap(([kind, open]) =>
  Object.entries(MOMENTS).map(([moment, arrange]) => ({ kind, moment, open, arrange })),
);

test.each(CASES)('$kind, replaced $moment', async ({ kind, moment, open, arrange }) => {
  const isWhole = moment === 'while it is sent' && SENT_AS_ONE.has(kind);
  const expected = isWhole ? 'what was pinned' : 'SOURCE_CHANGED';
  expect(await outcome(await open(), arrange)).toBe(expected);
});
