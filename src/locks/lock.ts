/** One process at a time, on a disk that several share; a dead one is taken over. */
import { randomUUID } from 'node:crypto';
import {
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isAlive, pidWorld, type ProcessIdentity } from './process-identity.js';

const BEAT_MS = 5_000;
/** A claim without a sign of life for so long is void when its process cannot be seen from here. */
const VOID_AFTER_MS = 60_000;
/** One that can be seen and lives is only busy, or asleep: it is waited for much longer. */
const ASLEEP_AFTER_MS = 10 * 60_000;
const POLL_MS = 150;
/** Being written; never a claim. */
const UNFINISHED = '.tmp';

interface Claimant extends ProcessIdentity {
  readonly world: string;
}

export interface LockOptions {
  readonly signal: AbortSignal;
  /** Called once, when somebody else holds the lock. */
  readonly onWait?: () => void;
  /** What `work` ends with when another has taken the lock over. */
  readonly lost?: () => Error;
}

/**
 * Runs `work` as the only one. Each contender puts a claim of its own into the folder, then looks for
 * others: of two contenders at least one sees the other, and steps back. No claim is ever overwritten,
 * so a void one can be removed by anybody, however many try at once.
 * The signal given to `work` aborts when the claim is lost or when the caller's does.
 */
export async function withLock<T>(
  directory: string,
  { signal, onWait, lost = () => new Error(`${directory} was taken over`) }: LockOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const claim = join(directory, `${randomUUID()}.json`);
  await acquire(directory, claim, signal, onWait);
  const loss = new AbortController();
  const beat = setInterval(() => {
    const now = new Date();
    utimes(claim, now, now).catch(() => loss.abort(lost()));
  }, BEAT_MS);
  try {
    return await work(AbortSignal.any([signal, loss.signal]));
  } catch (error) {
    // Timers and streams say only that they were aborted, not why.
    loss.signal.throwIfAborted();
    throw error;
  } finally {
    clearInterval(beat);
    await rm(claim, { force: true });
    // Stays while another claim is in it.
    await rmdir(directory).catch(() => undefined);
  }
}

async function acquire(
  directory: string,
  claim: string,
  signal: AbortSignal,
  onWait?: () => void,
): Promise<void> {
  for (let waits = 0; ; waits += 1) {
    signal.throwIfAborted();
    await makeFolder(directory);
    if (!(await anotherHolds(directory, claim)) && (await layClaim(claim))) {
      if (!(await anotherHolds(directory, claim))) return;
      await rm(claim, { force: true });
    }
    if (waits === 0) onWait?.();
    await sleep(POLL_MS * (0.5 + Math.random()), undefined, { signal });
  }
}

/** Another may remove it, empty as it is, while it is made: then laying the claim tells. */
async function makeFolder(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

/** Appears whole. False when the folder, empty until now, was removed in this moment. */
async function layClaim(claim: string): Promise<boolean> {
  const self: Claimant = { ...identify(process.pid)!, world: pidWorld() };
  try {
    await writeFile(claim + UNFINISHED, JSON.stringify(self), { flag: 'wx' });
    await rename(claim + UNFINISHED, claim);
    return true;
  } catch (error) {
    await rm(claim + UNFINISHED, { force: true });
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** True when somebody lives who holds this lock now. */
export async function isLocked(directory: string): Promise<boolean> {
  return anotherHolds(directory, undefined);
}

async function anotherHolds(directory: string, own: string | undefined): Promise<boolean> {
  for (const name of await readdir(directory).catch(() => [])) {
    const claim = join(directory, name);
    if (claim === own) continue;
    const ageMs = await ageOf(claim);
    if (ageMs === undefined) continue;
    if (name.endsWith(UNFINISHED)) {
      if (ageMs > VOID_AFTER_MS) await rm(claim, { force: true });
      continue;
    }
    if (await isValid(claim, ageMs)) return true;
    await rm(claim, { force: true });
  }
  return false;
}

async function ageOf(claim: string): Promise<number | undefined> {
  const facts = await stat(claim).catch(() => undefined);
  return facts && Date.now() - facts.mtimeMs;
}

async function isValid(claim: string, ageMs: number): Promise<boolean> {
  const holder = parseClaim(await readFile(claim, 'utf8').catch(() => ''));
  // Of a disk that lost it with the power.
  if (!holder) return false;
  if (holder.world !== pidWorld()) return ageMs <= VOID_AFTER_MS;
  return ageMs <= ASLEEP_AFTER_MS && isAlive(holder);
}

function parseClaim(text: string): Claimant | undefined {
  try {
    return JSON.parse(text) as Claimant;
  } catch {
    return undefined;
  }
}
