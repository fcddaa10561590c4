/** The upload to Azure: blocks, committed together, so that nothing is visible before all is there. */
import { createHash } from 'node:crypto';
import type { BlockBlobClient } from '@azure/storage-blob';
import { failureCode } from './failures.js';
import type { Upload } from './immutable.js';

/**
 * Blocks of an attempt that failed stay invisible and are dropped by the service, at the latest after a week
 * (https://learn.microsoft.com/rest/api/storageservices/put-block); an API to drop them earlier does not exist.
 */
export async function uploadToAzure(
  blob: BlockBlobClient,
  upload: Upload,
): Promise<'stored' | 'refused'> {
  const { chunks, sha256, contentType, signal, over } = upload;
  const whole = createHash('md5');
  const blockIds: string[] = [];
  for await (const chunk of chunks) {
    whole.update(chunk);
    // Azure takes no empty block; an empty blob has no blocks.
    if (chunk.length === 0) continue;
    const id = blockId(sha256, blockIds.length);
    await blob.stageBlock(id, chunk, chunk.length, {
      abortSignal: signal,
      transactionalContentMD5: createHash('md5').update(chunk).digest(),
    });
    blockIds.push(id);
    upload.arrived(chunk.length);
  }
  try {
    await blob.commitBlockList(blockIds, {
      abortSignal: signal,
      metadata: { sha256 },
      blobHTTPHeaders: { blobContentType: contentType, blobContentMD5: whole.digest() },
      conditions: over === undefined ? { ifNoneMatch: '*' } : { ifMatch: over },
    });
  } catch (error) {
    if (isRefused(error, over)) return 'refused';
    throw error;
  }
  return 'stored';
}

/** True when the condition of a write was not met: something else is there, or what was to be written over is gone. */
export function isRefused(error: unknown, over: string | undefined): boolean {
  const code = failureCode(error);
  return (
    ['BlobAlreadyExists', 'ConditionNotMet'].includes(code) ||
    (over !== undefined && code === 'BlobNotFound')
  );
}

/** Names the content too, so that two attempts with other bytes never mix their blocks. All of one length. */
function blockId(sha256: string, index: number): string {
  return Buffer.from(`${sha256.slice(0, 16)}-${String(index).padStart(6, '0')}`).toString('base64');
}
