/** One `up` or `down` at a time in a clone: the second waits for the first. */
import { join } from 'node:path';
import { withLock } from '../locks/lock.js';
import type { ReportProgress } from './types.js';

/** Runs `work` while holding `.stack/claims`. A claim whose holder has died is void. */
export async function withStackLock<T>(
  directory: string,
  {
    onProgress,
    signal = new AbortController().signal,
  }: { onProgress: ReportProgress; signal?: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  const onWait = (): void =>
    onProgress('Waiting for another command that is starting or stopping the stack');
  return withLock(join(directory, 'claims'), { signal, onWait }, work);
}
