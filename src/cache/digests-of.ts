/** Size and checksums of a file on the disk, of one reading. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Digests } from './partial.js';

export async function digestsOf(file: string, signal: AbortSignal): Promise<Digests> {
  const [sha256, md5] = [createHash('sha256'), createHash('md5')];
  let bytes = 0;
  const pieces = createReadStream(file, { highWaterMark: 1 << 20, signal });
  for await (const piece of pieces as AsyncIterable<Buffer>) {
    sha256.update(piece);
    md5.update(piece);
    bytes += piece.length;
  }
  return { bytes, sha256: sha256.digest('hex'), md5: md5.digest('hex') };
}
