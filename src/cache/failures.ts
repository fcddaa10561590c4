/** Turns errors of the disk into our codes. */
import { ImportError } from '../errors/index.js';

/** A disk, quota or file that is full and a disk that is closed get their codes; everything else passes through. */
export function diskFailure(error: unknown, place: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return new ImportError('DISK_FULL', { place, found: code, cause: error });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR') {
    return new ImportError('CACHE_UNWRITABLE', { place, found: code, cause: error });
  }
  return error;
}

export async function onDisk<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw diskFailure(error, place);
  }
}
