/** One worker at a time per cache entry, with the errors of the cache. */
import { join } from 'node:path';
import { ImportError } from '../errors/index.js';
import { isLocked, withLock } from '../locks/lock.js';
import { diskFailure } from './failures.js';
import { locksDirectory } from './layout.js';

/**
 * @param work - its signal aborts with the caller's, and with CACHE_LOCK_LOST
 * @throws CACHE_UNWRITABLE, DISK_FULL when no claim can be laid
 */
export async function withEntry<T>(
  cacheDirectory: string,
  key: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = (): Error => new ImportError('CACHE_LOCK_LOST');
  try {
    return await withLock(join(locksDirectory(cacheDirectory), key), { signal, lost }, work);
  } catch (error) {
    throw diskFailure(error, cacheDirectory);
  }
}

/** True while a living worker holds the entry. */
export function isHeld(cacheDirectory: string, key: string): Promise<boolean> {
  return isLocked(join(locksDirectory(cacheDirectory), key));
}
