/** Starts a server for one test, and calls it as a client would. */
import { onTestFinished } from 'vitest';
import {
  SAMPLE_ACCOUNT,
  startKaggleServer,
  type KaggleServer,
  type KaggleServerOptions,
} from '../../../src/stack/kaggle-server/index.js';

export const REF = 'owner/set';
export const LARGE_CSV = `n\n${Array.from({ length: 40_000 }, (_, index) => index).join('\n')}\n`;

/** Not compressed by the server: large enough to be cut, slowed and resumed. */
export const NOISE = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * i * 7919) >>> 3));

export async function serverForTest(options: KaggleServerOptions = {}): Promise<KaggleServer> {
  const server = await startKaggleServer({
    datasets: [
      {
        ref: REF,
        title: 'A set',
        licence: 'CC0-1.0',
        keywords: ['tabular'],
        files: { 'a.csv': 'x\n1\n', 'large.csv': LARGE_CSV, 'folder/noise.bin': NOISE },
      },
      { ref: 'somebody/secret', private: true, files: { 'a.csv': 'x\n1\n' } },
      { ref: 'competitions/cup', rulesAccepted: false, files: { 'train.csv': 'x\n1\n' } },
    ],
    ...options,
  });
  onTestFinished(() => server.close());
  return server;
}

export const BEARER = `Bearer ${SAMPLE_ACCOUNT.token}`;
export const BASIC = basic(SAMPLE_ACCOUNT.username, SAMPLE_ACCOUNT.key);

export function basic(username: string, key: string): string {
  return `Basic ${Buffer.from(`${username}:${key}`).toString('base64')}`;
}

/** Calls a method without following its redirect; `NOBODY` calls anonymously. */
export function call(
  server: KaggleServer,
  method: string,
  body: object,
  authorization = BEARER,
): Promise<Response> {
  const service = method.includes('.') ? method : `datasets.DatasetApiService/${method}`;
  return fetch(`${server.url}/v1/${service}`, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': 'application/json',
      ...(authorization !== NOBODY && { authorization }),
    },
    body: JSON.stringify(body),
  });
}

export const NOBODY = '';

/** The fields of an answer; each test knows their types. */
export type Answer = Record<string, unknown>;

export async function callJson(
  server: KaggleServer,
  method: string,
  body: object,
): Promise<Answer> {
  return (await (await call(server, method, body)).json()) as Answer;
}

/** The signed storage URL of the whole dataset, or of one file. */
export async function signedUrl(server: KaggleServer, fileName?: string): Promise<string> {
  const answer = await call(server, 'DownloadDataset', {
    ownerSlug: 'owner',
    datasetSlug: 'set',
    ...(fileName !== undefined && { fileName }),
  });
  return answer.headers.get('location') ?? '';
}

export async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}

/** Body bytes that arrive before the connection ends or breaks. */
export async function readUntilBroken(
  response: Response,
): Promise<{ bytes: number; broken: boolean }> {
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) bytes += (chunk as Uint8Array).byteLength;
    return { bytes, broken: false };
  } catch {
    return { bytes, broken: true };
  }
}
