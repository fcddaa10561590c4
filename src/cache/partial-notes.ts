/** What was said of a partial file with its first bytes, and how much of it would outlive a power cut. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { bootId } from '../locks/process-identity.js';
import type { ResumePoint } from '../source/source.js';

export interface Notes {
  readonly validator?: string | undefined;
  readonly totalBytes?: number | undefined;
  readonly md5?: string | undefined;
  readonly encoding?: string | undefined;
  /** From the start of the file, flushed to the disk. */
  readonly syncedBytes: number;
}

interface StoredNotes extends Notes {
  /** When the machine has started again since, only what was flushed is known to be there. */
  readonly boot: string;
}

/** Appears whole or, after a power cut, perhaps not at all. */
export async function writeNotes(file: string, notes: Notes): Promise<void> {
  const stored: StoredNotes = { ...notes, boot: bootId() };
  await writeFile(`${file}.tmp`, JSON.stringify(stored));
  await rename(`${file}.tmp`, file);
}

/** `undefined` when there are none, or none that can be read. */
export async function readNotes(file: string): Promise<StoredNotes | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as StoredNotes;
  } catch {
    return undefined;
  }
}

/** @param size - of the partial file: after a power cut, its end may be anything of that length */
export function resumable(notes: StoredNotes | undefined, size: number): ResumePoint | undefined {
  if (notes?.validator === undefined) return undefined;
  const { validator, totalBytes, md5, encoding } = notes;
  const offset = notes.boot === bootId() ? size : Math.min(size, notes.syncedBytes);
  if (offset === 0 || (totalBytes !== undefined && offset > totalBytes)) return undefined;
  return {
    offset,
    validator,
    ...(totalBytes !== undefined && { totalBytes }),
    ...(md5 !== undefined && { md5 }),
    ...(encoding !== undefined && { encoding }),
  };
}
