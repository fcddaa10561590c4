/** What is checked of a transfer: before its first byte, and after its last. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { ImportError } from '../errors/index.js';
import { requireState } from '../source/pinned-state.js';
import type { OpenedFile, SourceFile } from '../source/source.js';
import type { PartialFile } from './partial.js';

const ZIP_SIGNATURES = ['504b0304', '504b0506', '504b0708'];

/** What is to arrive, where, and how much of it the cache takes. */
export interface CheckedTransfer {
  readonly file: SourceFile;
  readonly partial: PartialFile;
  /** Largest size that the cache takes. */
  readonly maxBytes: number;
}

/** Media type and size. */
export function checkAnnounced(
  { contentType, totalBytes }: OpenedFile,
  { file, maxBytes }: CheckedTransfer,
): void {
  if (contentType === 'text/html' && !/\.html?$/i.test(file.path)) {
    throw new ImportError('DOWNLOAD_NOT_DATA', { place: file.path, found: contentType });
  }
  if (totalBytes !== undefined && totalBytes > maxBytes) {
    throw new ImportError('DOWNLOAD_TOO_LARGE', {
      place: file.path,
      expected: `at most ${maxBytes} bytes`,
      found: `${totalBytes} bytes`,
    });
  }
}

/** Length, checksums, and that an archive is one. */
export async function checkArrived(
  { totalBytes, md5 }: OpenedFile,
  { file, partial }: CheckedTransfer,
): Promise<void> {
  const { bytes, sha256, md5: found } = partial.digests();
  // Fewer bytes than announced without an error of the connection: taken up again like a broken one.
  const wantedBytes = totalBytes ?? file.state?.bytes;
  if (wantedBytes !== undefined && bytes < wantedBytes) throw new Error('body ended early');
  requireState(file.path, file.state && { bytes: file.state.bytes ?? bytes }, { bytes });
  if (md5 !== undefined && found !== md5) throw mismatch(file.path, `MD5 ${md5}`, found);
  if (file.sha256 !== undefined && sha256 !== file.sha256) {
    throw mismatch(file.path, `SHA-256 ${file.sha256}`, sha256);
  }
  if (file.gitSha1 !== undefined) {
    const git = await gitSha1(partial.path, bytes);
    if (git !== file.gitSha1) throw mismatch(file.path, `git object ${file.gitSha1}`, git);
  }
  if (bytes === 0 && file.bytes !== 0)
    throw new ImportError('DOWNLOAD_EMPTY', { place: file.path });
  if (file.archive) await requireZip(file.path, partial.path);
}

function mismatch(place: string, expected: string, found: string): ImportError {
  return new ImportError('CHECKSUM_MISMATCH', { place, expected, found });
}

async function requireZip(place: string, absolutePath: string): Promise<void> {
  const handle = await open(absolutePath);
  const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0).finally(() => handle.close());
  if (ZIP_SIGNATURES.includes(buffer.toString('hex'))) return;
  throw new ImportError('DOWNLOAD_NOT_DATA', {
    place,
    expected: 'a zip archive',
    found: buffer.toString('latin1').startsWith('<') ? 'a web page' : 'other content',
  });
}

/** git-hash-object(1): SHA-1 over `blob <bytes>\0` and the content. */
async function gitSha1(absolutePath: string, bytes: number): Promise<string> {
  const hash = createHash('sha1').update(`blob ${bytes}\0`);
  for await (const chunk of createReadStream(absolutePath)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
