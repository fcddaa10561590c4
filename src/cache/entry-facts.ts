/** What the folders of the cache hold, and when they were last used. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { entriesDirectory, entryPaths } from './layout.js';
import { readMarker } from './marker.js';

export interface EntryFacts {
  readonly key: string;
  readonly bytes: number;
  readonly complete: boolean;
  /** Complete: last use. Interrupted: last change. */
  readonly usedMs: number;
}

/** Every folder of the cache: for upkeep, not for each import. */
export async function listEntries(directory: string): Promise<EntryFacts[]> {
  const facts: EntryFacts[] = [];
  for (const key of await readdir(entriesDirectory(directory)).catch(() => [])) {
    facts.push(await factsOf(directory, key));
  }
  return facts;
}

export async function factsOf(directory: string, key: string): Promise<EntryFacts> {
  const paths = entryPaths(directory, key);
  const [complete, files] = [await readMarker(paths), await filesBelow(paths.directory)];
  const used = complete && files.find(({ path }) => path === paths.lastUsed);
  return {
    key,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    complete: complete !== undefined,
    usedMs: used?.changedMs ?? files.reduce((newest, one) => Math.max(newest, one.changedMs), 0),
  };
}

interface FileFacts {
  readonly path: string;
  readonly bytes: number;
  readonly changedMs: number;
}

async function filesBelow(directory: string): Promise<FileFacts[]> {
  const found: FileFacts[] = [];
  for (const name of await readdir(directory, { recursive: true }).catch(() => [])) {
    const path = join(directory, name);
    // Another worker may remove it in this moment.
    const facts = await stat(path).catch(() => undefined);
    if (facts?.isFile()) found.push({ path, bytes: facts.size, changedMs: facts.mtimeMs });
  }
  return found;
}
