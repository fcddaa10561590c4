/** Where things are in a cache directory, and the key of an entry. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { DatasetEntry } from '../config/datasets.js';
import type { PinnedSource } from '../source/types.js';

const ARCHIVE_KINDS = new Set(['kaggle', 'competition']);

/**
 * One folder an entry: `files/` once transferred, `partial/` before, `complete.json` when all is there; beside
 * them, until an import takes it, what was unpacked on the way.
 */
export interface EntryPaths {
  readonly directory: string;
  readonly files: string;
  readonly partial: string;
  readonly inflated: string;
  readonly marker: string;
  /** What the source says of the files. */
  readonly documentation: string;
  /** Its modification time is when the entry was last used. */
  readonly lastUsed: string;
}

export function entriesDirectory(cacheDirectory: string): string {
  return join(cacheDirectory, 'entries');
}

export function locksDirectory(cacheDirectory: string): string {
  return join(cacheDirectory, 'locks');
}

/** A folder a run, in it a file an entry: the bytes that have crossed the network for it, nothing for none. */
export function leasesDirectory(cacheDirectory: string): string {
  return join(cacheDirectory, 'leases');
}

/** What is on its way out. */
export function trashDirectory(cacheDirectory: string): string {
  return join(cacheDirectory, 'removed');
}

/** A file a transfer. */
export function reservationsDirectory(cacheDirectory: string): string {
  return join(cacheDirectory, 'reservations');
}

export function entryPaths(cacheDirectory: string, key: string): EntryPaths {
  const directory = join(entriesDirectory(cacheDirectory), key);
  return {
    directory,
    files: join(directory, 'files'),
    partial: join(directory, 'partial'),
    inflated: join(directory, 'inflated'),
    marker: join(directory, 'complete.json'),
    documentation: join(directory, 'documentation.json'),
    lastUsed: join(directory, 'last-used'),
  };
}

/** A name on disk for a file of the dataset, whose own name may be anything. */
export function numberedName(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 20);
}

/** A whole archive is the same for all patterns; a selection of files is an entry of its own. */
export function entryKey(entry: DatasetEntry, { kind, reference, version }: PinnedSource): string {
  const wholeArchive = ARCHIVE_KINDS.has(kind) && entry.files?.include === undefined;
  const { pins: _howToRead, ...wanted } = entry.files ?? {};
  const patterns = entry.files === undefined ? null : wanted;
  const identity = [kind, reference, version, wholeArchive ? null : patterns];
  const digest = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 12);
  return `${keyPrefix({ kind, reference })}${readable(version)}-${digest}`;
}

/** What the keys of all versions of one source begin with; now and then, those of another source, too. */
export function keyPrefix({ kind, reference }: Pick<PinnedSource, 'kind' | 'reference'>): string {
  return `${kind}-${readable(reference)}-v`;
}

/** For people who look into the folder; the digest tells entries apart. */
function readable(text: string): string {
  const plain = text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return (
    plain
      .replace(/^-+|-+$/g, '')
      .slice(-48)
      .replace(/^-+/, '') || 'x'
  );
}
