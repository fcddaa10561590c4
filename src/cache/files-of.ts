/** The files of a complete entry, and what was unpacked of them on the way. */
import { join } from 'node:path';
import { ImportError } from '../errors/index.js';
import { readInflated } from './inflated-members.js';
import { entryPaths, numberedName } from './layout.js';
import { isIntact, readMarker, touch } from './marker.js';
import type { CachedFile } from './types.js';

/** The entry counts as used. Throws CACHE_ENTRY_MISSING when it is not, or no longer, complete. */
export async function filesOf(cacheDirectory: string, key: string): Promise<CachedFile[]> {
  const paths = entryPaths(cacheDirectory, key);
  const marker = await readMarker(paths);
  const trustMs = Infinity;
  const { signal } = new AbortController();
  if (!marker || !(await isIntact(paths, marker, { trustMs, signal }))) {
    throw new ImportError('CACHE_ENTRY_MISSING', { place: key });
  }
  await touch(paths);
  return Promise.all(
    marker.files.map(async ({ path, bytes, sha256 }) => {
      const inflated = await readInflated(join(paths.inflated, numberedName(path)));
      const absolutePath = join(paths.files, path);
      return { path, absolutePath, bytes, sha256, ...(inflated.length > 0 && { inflated }) };
    }),
  );
}
