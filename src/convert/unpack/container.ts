/** Tells by content, not by name alone, whether a file is an archive or compressed. */
import { open } from 'node:fs/promises';
import * as zlib from 'node:zlib';
import type { Duplex } from 'node:stream';
import { ImportError } from '../../errors/index.js';
import { inPlaceOfData } from './in-place-of-data.js';
import { documentKind } from './office.js';

export type Container = 'zip' | 'tar' | 'gzip' | 'zstd';

const NAMED: ReadonlyArray<readonly [RegExp, Container]> = [
  [/\.zip$/i, 'zip'],
  [/\.tar$/i, 'tar'],
  [/\.(gz|tgz|gzip)$/i, 'gzip'],
  [/\.(zst|zstd|tzst)$/i, 'zstd'],
];

const HEAD_BYTES = 4096;

/** Zip files by structure that are models or programs, not archives of data; documents are told by their content. */
export const ZIP_DOCUMENT =
  /\.(xls[xmb]|docx|pptx|od[stp]|jar|apk|pt|pth|keras|whl|epub|kmz|pbix)$/i;

export function containerByName(name: string): Container | undefined {
  return NAMED.find(([pattern]) => pattern.test(name))?.[1];
}

/**
 * What `absolutePath` is. Content decides: Kaggle serves `train.csv` zipped under that very name.
 * Signatures: APPNOTE 4.3.7 and 4.3.16, RFC 1952, RFC 8878, POSIX.1-1988 ustar.
 * @throws ARCHIVE_DAMAGED when the name says archive and the content does not.
 */
export async function detectContainer(
  absolutePath: string,
  name: string,
): Promise<Container | undefined> {
  if (ZIP_DOCUMENT.test(name)) return undefined;
  const head = await readHead(absolutePath, HEAD_BYTES);
  const named = containerByName(name);
  const document = await documentKind(head, absolutePath);
  if (document === 'workbook') return undefined;
  const found = document === undefined || named === 'zip' ? containerByContent(head) : undefined;
  // A pointer or a page under the name of an archive is told with the other files that are no tables.
  const isInstead = inPlaceOfData(head, head.length < HEAD_BYTES) !== undefined;
  if (named !== undefined && found === undefined && isInstead) return undefined;
  if (named !== undefined && found === undefined) {
    // A tar of before POSIX carries no signature; its reader checks the header's own checksum.
    if (named === 'tar') return 'tar';
    throw new ImportError('ARCHIVE_DAMAGED', {
      place: name,
      expected: `a ${named} file, as its name says`,
      found: head.length === 0 ? 'an empty file' : 'other content',
    });
  }
  return found;
}

function containerByContent(head: Buffer): Container | undefined {
  const magic = head.subarray(0, 4).toString('hex');
  if (magic === '504b0304' || magic === '504b0506') return 'zip';
  if (magic.startsWith('1f8b')) return 'gzip';
  if (magic === '28b52ffd') return 'zstd';
  if (head.subarray(257, 262).toString('latin1') === 'ustar') return 'tar';
  return undefined;
}

/** The first bytes of a file; fewer when it is shorter. */
export async function readHead(absolutePath: string, bytes: number): Promise<Buffer> {
  const file = await open(absolutePath);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** @throws ARCHIVE_UNSUPPORTED where this Node.js has no Zstandard (before 22.15). */
export function decompressor(container: 'gzip' | 'zstd', place: string): Duplex {
  const chunkSize = 256 * 1024;
  if (container === 'gzip') return zlib.createGunzip({ chunkSize });
  const create = (zlib as { createZstdDecompress?: (options: object) => Duplex })
    .createZstdDecompress;
  if (create) return create({ chunkSize });
  throw new ImportError('ARCHIVE_UNSUPPORTED', {
    place,
    expected: 'Node.js 22.15 or newer for Zstandard',
    found: `Node.js ${process.versions.node}`,
    nextStep: 'Run the worker with Node.js 22.15 or newer.',
  });
}

/** `data.csv.gz` -> `data.csv`, `data.tgz` -> `data.tar`, `data.zip` -> `data`. */
export function withoutContainerExtension(name: string): string {
  return name
    .replace(/\.(tgz|tzst)$/i, '.tar')
    .replace(/\.(zip|gz|gzip|zst|zstd)$/i, '')
    .replace(/\.tar$/i, (extension) => (/\.(tgz|tzst|tar\.\w+)$/i.test(name) ? extension : ''));
}
