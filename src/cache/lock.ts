/** One worker at a time per cache entry, on a disk that several workers share; a dead one is taken over. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, readlink, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ImportError } from '../errors/index.js';
import { onDisk } from './failures.js';

const BEAT_MS = 5_000;
/** A claim without a sign of life for so long is void, also when its process cannot be seen from here. */
const VOID_AFTER_MS = 60_000;
const POLL_MS = 150;

/** The process behind a claim, as far as it can be told apart. */
interface Claimant {
  readonly pid: number;
  /** Boot and process-id namespace: a pid means something only there. `undefined` off Linux. */
  readonly world?: string;
  /** Clock ticks from boot to the start of the process (proc(5), field 22). */
  readonly startTicks?: string;
}

/**
 * Runs `work` as the only one. Each contender writes a claim under a name of its own, then looks for
 * others: of two contenders at least one sees the other, and steps back. No claim is ever overwritten,
 * so a void one can be removed by anybody.
 * The signal given to `work` aborts when the claim is lost (CACHE_LOCK_LOST) or when the caller's does.
 */
export async function withLock<T>(
  directory: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const claim = join(directory, `${randomUUID()}.json`);
  const self = JSON.stringify(await describeProcess(process.pid));
  await onDisk(directory, () => acquire(directory, claim, self, signal));
  const lost = new AbortController();
  const beat = setInterval(() => {
    const now = new Date();
    utimes(claim, now, now).catch(() => lost.abort(new ImportError('CACHE_LOCK_LOST')));
  }, BEAT_MS);
  try {
    return await work(AbortSignal.any([signal, lost.signal]));
  } catch (error) {
    // Timers and streams say only that they were aborted, not why.
    lost.signal.throwIfAborted();
    throw error;
  } finally {
    clearInterval(beat);
    await rm(claim, { force: true });
  }
}

async function acquire(
  directory: string,
  claim: string,
  self: string,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    await mkdir(directory, { recursive: true });
    if (!(await anotherHolds(directory, claim))) {
      if (await layClaim(claim, self)) {
        if (!(await anotherHolds(directory, claim))) return;
        await rm(claim, { force: true });
      }
    }
    await sleep(POLL_MS * (0.5 + Math.random()), undefined, { signal });
  }
}

/** False when the folder, empty until now, was removed in this moment. */
async function layClaim(claim: string, self: string): Promise<boolean> {
  try {
    await writeFile(claim, self, { flag: 'wx' });
    return true;
  } catch (error) {
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
    if (await isValid(claim)) return true;
    await rm(claim, { force: true });
  }
  return false;
}

async function isValid(claim: string): Promise<boolean> {
  const [text, age] = await Promise.all([
    readFile(claim, 'utf8').catch(() => undefined),
    stat(claim).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => undefined,
    ),
  ]);
  if (text === undefined || age === undefined) return false;
  if (age > VOID_AFTER_MS) return false;
  const holder = parseClaim(text);
  // Being written just now, or cut short with its host: void in a minute.
  if (!holder) return true;
  const here = await describeProcess(process.pid);
  if (holder.world === undefined || holder.world !== here.world) return true;
  return (await describeProcess(holder.pid)).startTicks === holder.startTicks;
}

function parseClaim(text: string): Claimant | undefined {
  try {
    return JSON.parse(text) as Claimant;
  } catch {
    return undefined;
  }
}

async function describeProcess(pid: number): Promise<Claimant> {
  try {
    const [boot, namespace, stat] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readlink('/proc/self/ns/pid'),
      readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''),
    ]);
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = state === 'Z' || state === 'X' ? undefined : rest[18];
    return { pid, world: `${boot.trim()} ${namespace}`, ...(ticks && { startTicks: ticks }) };
  } catch {
    return { pid };
  }
}
