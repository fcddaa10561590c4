/** The upload itself: one request for a small file, parts for a large one, and no leftovers of either. */
import type { Client } from 'minio';
import { failureCode } from './failures.js';
import type { Upload } from './immutable.js';

/**
 * `cleaner` is a client that the upload's signal does not stop: it takes the parts away after a cancellation.
 */
export async function uploadToMinio(
  client: Client,
  cleaner: Client,
  bucket: string,
  upload: Upload,
): Promise<'stored' | 'already-there'> {
  if (upload.bytes > upload.chunkBytes) return uploadParts(client, cleaner, bucket, upload);
  for await (const chunk of upload.chunks) {
    try {
      await client.putObject(bucket, upload.key, chunk, chunk.length, {
        ...headers(upload),
        ...(upload.onlyIfAbsent && { 'If-None-Match': '*' }),
      });
    } catch (error) {
      if (upload.onlyIfAbsent && failureCode(error) === 'PreconditionFailed')
        return 'already-there';
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
): Promise<'stored'> {
  const { key } = upload;
  // A killed attempt could not clean up after itself, and one import of a dataset runs at a time.
  await removeParts(cleaner, bucket, key);
  const uploadId = await client.initiateNewMultipartUpload(bucket, key, headers(upload));
  try {
    const parts: Array<{ part: number; etag: string }> = [];
    for await (const chunk of upload.chunks) {
      const part = parts.length + 1;
      const { etag } = await client.uploadPart(
        {
          bucketName: bucket,
          objectName: key,
          uploadID: uploadId,
          partNumber: part,
          headers: { 'Content-Length': chunk.length },
        },
        chunk,
      );
      parts.push({ part, etag });
      upload.arrived(chunk.length);
    }
    await client.completeMultipartUpload(bucket, key, uploadId, parts);
    return 'stored';
  } catch (error) {
    // The first error is the one to tell; what stays behind is invisible and goes with the next attempt.
    await cleaner.abortMultipartUpload(bucket, key, uploadId).catch(() => undefined);
    throw error;
  }
}

/** Parts under exactly this key, of any number of unfinished uploads. */
async function removeParts(cleaner: Client, bucket: string, key: string): Promise<void> {
  for (;;) {
    const uploadId = await cleaner.findUploadId(bucket, key);
    if (!uploadId) return;
    await cleaner.abortMultipartUpload(bucket, key, uploadId);
  }
}

function headers({ contentType, sha256 }: Upload): Record<string, string> {
  return { 'Content-Type': contentType, 'x-amz-meta-sha256': sha256 };
}
