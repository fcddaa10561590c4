/** One `up` or `down` at a time in a clone: the second waits for the first. */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isAlive } from './process-identity.js';
import type { ProcessIdentity, ReportProgress } from './types.js';

const POLL_MS = 100;

/** Runs `work` while holding `.stack/lock`. A lock whose holder has died is taken over. */
export async function withStackLock<T>(
  directory: string,
  { onProgress, signal }: { onProgress: ReportProgress; signal?: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  mkdirSync(directory, { recursive: true });
  const lock = join(directory, 'lock');
  let said = false;
  while (!tryAcquire(lock)) {
    signal?.throwIfAborted();
    if (!said) onProgress('Waiting for another command that is starting or stopping the stack');
    said = true;
    await sleep(POLL_MS, undefined, signal ? { signal } : {});
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

let attempts = 0;

function tryAcquire(lock: string): boolean {
  const own = `${lock}.${process.pid}.${attempts++}`;
  // Linked into place with its content, so that nobody ever reads an empty lock.
  writeFileSync(own, JSON.stringify(identify(process.pid)));
  try {
    linkSync(own, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    removeIfDead(lock, own);
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Moves a dead holder's lock away; puts it back when another command was faster to renew it. */
function removeIfDead(lock: string, own: string): void {
  const holder = readHolder(lock);
  if (holder === undefined || isAlive(holder)) return;
  const moved = `${own}.stale`;
  try {
    renameSync(lock, moved);
  } catch {
    return;
  }
  const taken = readHolder(moved);
  if (taken && isAlive(taken)) linkSync(moved, lock);
  rmSync(moved, { force: true });
}

function readHolder(lock: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(lock, 'utf8')) as ProcessIdentity;
  } catch (error) {
    // Damaged by a full disk: nobody can hold it.
    return error instanceof SyntaxError ? { pid: 0, startTime: 'none' } : undefined;
  }
}
