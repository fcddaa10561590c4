/** The completion marker: what makes a folder a cache entry, and by what a hit is verified. */
import { createHash } from 'node:crypto';
import { open, readFile, rename, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceKind } from '../source/types.js';
import { digestsOf } from './digests-of.js';
import type { EntryPaths } from './layout.js';

export interface MarkedFile {
  /** Path within the dataset and below `files/`. */
  readonly path: string;
  readonly bytes: number;
  /** Whole milliseconds. */
  readonly mtimeMs: number;
  /** Hex. */
  readonly sha256: string;
  /** Hex: by it a later version recognises bytes that are already here. */
  readonly md5: string;
}

export interface Marker {
  readonly kind: SourceKind;
  readonly reference: string;
  readonly version: string;
  readonly files: readonly MarkedFile[];
  /** SHA-256 over the sorted lines `<sha256>  <path>\n`. Hex. */
  readonly checksum: string;
  /** ISO 8601, UTC: when the bytes were last known to be good. */
  readonly checkedAt: string;
}

export function checksumOf(files: readonly Pick<MarkedFile, 'path' | 'sha256'>[]): string {
  const lines = files.map(({ path, sha256 }) => `${sha256}  ${path}\n`).sort();
  return createHash('sha256').update(lines.join('')).digest('hex');
}

/** Appears whole or not at all, and survives a power cut. */
export async function writeMarker(paths: EntryPaths, marker: Marker): Promise<void> {
  const temporary = `${paths.marker}.tmp`;
  await writeFile(temporary, JSON.stringify(marker, null, 2), { flush: true });
  await rename(temporary, paths.marker);
  await syncDirectory(paths.directory);
}

async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory);
  await handle.sync().finally(() => handle.close());
}

/** `undefined` when there is none, or none that can be read: the entry is not complete then. */
export async function readMarker(paths: EntryPaths): Promise<Marker | undefined> {
  try {
    const marker = JSON.parse(await readFile(paths.marker, 'utf8')) as Marker;
    return marker.checksum === checksumOf(marker.files) ? marker : undefined;
  } catch {
    return undefined;
  }
}

/**
 * True when the files are those that were marked: by size and modification time, and by checksum when
 * these differ or when the last check is longer ago than `trustMs`.
 */
export async function isIntact(
  paths: EntryPaths,
  marker: Marker,
  { trustMs, signal }: { trustMs: number; signal: AbortSignal },
): Promise<boolean> {
  const isFresh = Date.now() - Date.parse(marker.checkedAt) <= trustMs;
  let rehashed = false;
  for (const file of marker.files) {
    const absolute = join(paths.files, file.path);
    const found = await stat(absolute).catch(() => undefined);
    if (!found?.isFile() || found.size !== file.bytes) return false;
    if (isFresh && Math.floor(found.mtimeMs) === file.mtimeMs) continue;
    const { bytes, sha256 } = await digestsOf(absolute, signal);
    if (bytes !== file.bytes || sha256 !== file.sha256) return false;
    // Written to while it was read: what it holds now is not what was read.
    if ((await stat(absolute)).mtimeMs !== found.mtimeMs) return false;
    await utimes(absolute, found.atime, new Date(file.mtimeMs));
    rehashed = true;
  }
  if (rehashed) await writeMarker(paths, { ...marker, checkedAt: new Date().toISOString() });
  return true;
}

/** Last use decides what expires, and in which order entries leave a full cache. */
export async function touch({ lastUsed }: EntryPaths): Promise<void> {
  await writeFile(lastUsed, '');
  const now = new Date();
  await utimes(lastUsed, now, now);
}
