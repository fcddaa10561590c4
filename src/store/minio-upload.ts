/** The upload itself: one request for a small file, parts for a large one, and no leftovers of either. */
import { text } from 'node:stream/consumers';
import type { Client } from 'minio';
import { failureCode } from './failures.js';
import { isUploadedInParts } from './file-chunks.js';
import type { Upload } from './immutable.js';

type Outcome = 'stored' | 'refused';

/** A write goes through only where nothing lies under the key, or exactly what it is to be written over. */
function condition({ over }: Upload): Record<string, string> {
  return over === undefined ? { 'If-None-Match': '*' } : { 'If-Match': `"${over}"` };
}

/**
 * `cleaner` is a client that the upload's signal does not stop: it takes the parts away after a cancellation.
 */
export async function uploadToMinio(
  client: Client,
  cleaner: Client,
  bucket: string,
  upload: Upload,
): Promise<Outcome> {
  if (isUploadedInParts(upload.bytes)) return uploadParts(client, cleaner, bucket, upload);
  for await (const chunk of upload.chunks) {
    try {
      const options = { ...headers(upload), ...condition(upload) };
      await client.putObject(bucket, upload.key, chunk, chunk.length, options);
    } catch (error) {
      if (isRefused(error, upload.over)) return 'refused';
      throw error;
    }
    upload.arrived(chunk.length);
  }
  return 'stored';
}

async function uploadParts(
  client: Client,
  cleaner: Client,
  bucket: string,
  upload: Upload,
): Promise<Outcome> {
  const { key } = upload;
  // A killed attempt could not clean up after itself, and nobody but this import writes under the key.
  await removeParts(cleaner, bucket, key);
  const uploadId = await client.initiateNewMultipartUpload(bucket, key, headers(upload));
  // The first error is the one to tell; what stays behind is invisible and goes with the next attempt.
  const abort = (): Promise<void> =>
    cleaner.abortMultipartUpload(bucket, key, uploadId).catch(() => undefined);
  const send = async (chunk: Buffer, partNumber: number): Promise<string> => {
    const headers = { 'Content-Length': chunk.length };
    const part = { bucketName: bucket, objectName: key, uploadID: uploadId, partNumber, headers };
    const { etag } = await client.uploadPart(part, chunk);
    upload.arrived(chunk.length);
    return etag;
  };
  const sent: Promise<string>[] = [];
  try {
    for await (const chunk of upload.chunks) {
      // The next one is read and hashed while this one is on its way.
      sent.push(send(chunk, sent.length + 1));
      sent.at(-1)!.catch(() => undefined);
      await sent.at(-2);
    }
    await complete(client, bucket, upload, uploadId, await Promise.all(sent));
    return 'stored';
  } catch (error) {
    // What is still on its way would arrive behind the removal.
    await Promise.allSettled(sent);
    await abort();
    if (isRefused(error, upload.over)) return 'refused';
    throw error;
  }
}

/** The client's own completion takes no condition. */
async function complete(
  client: Client,
  bucketName: string,
  upload: Upload,
  uploadId: string,
  etags: readonly string[],
): Promise<void> {
  const parts = etags.map(
    (etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`,
  );
  const response = await client.makeRequestAsync(
    {
      ...{ method: 'POST', bucketName, objectName: upload.key, headers: condition(upload) },
      query: `uploadId=${encodeURIComponent(uploadId)}`,
    },
    `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`,
  );
  // An answer that has begun with 200 may end as an error: a long completion keeps the connection alive so.
  const answer = await text(response);
  const code = /<Error>[\s\S]*<Code>(\w+)<\/Code>/.exec(answer)?.[1];
  if (code !== undefined) throw Object.assign(new Error('the parts could not be joined'), { code });
}

/** True when the condition of a write was not met: something else is there, or what was to be written over is gone. */
export function isRefused(error: unknown, over: string | undefined): boolean {
  const code = failureCode(error);
  return code === 'PreconditionFailed' || (over !== undefined && code === 'NoSuchKey');
}

/** Parts under exactly this key, of any number of unfinished uploads. */
export async function removeParts(cleaner: Client, bucket: string, key: string): Promise<void> {
  for (;;) {
    const uploadId = await cleaner.findUploadId(bucket, key);
    if (!uploadId) return;
    await cleaner.abortMultipartUpload(bucket, key, uploadId);
  }
}

/** Parts under keys that begin with the prefix. MinIO lists none here: it takes a prefix for a key. */
export async function removePartsBelow(
  client: Client,
  bucket: string,
  prefix: string,
): Promise<void> {
  for await (const item of client.listIncompleteUploads(bucket, prefix, true)) {
    const { key, uploadId } = item as { key: string; uploadId: string };
    await client.abortMultipartUpload(bucket, key, uploadId);
  }
}

function headers({ contentType, sha256 }: Upload): Record<string, string> {
  return { 'Content-Type': contentType, 'x-amz-meta-sha256': sha256 };
}
