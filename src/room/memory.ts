/** The memory of this host, or of the container that the worker is in. */
import { readFile } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';

/** All that the worker and its processes may ever have, in bytes. */
export function totalMemory(): number {
  const constrained = process.constrainedMemory();
  // Without a limit, Node gives 0 or a number beyond any memory.
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/** What a new process could take without anybody's end. `undefined` where the system does not say. */
export async function availableMemory(): Promise<number | undefined> {
  // Elsewhere, free memory leaves out what the system would give up at once.
  if (process.platform !== 'linux') return undefined;
  const inContainer = await leftInGroup();
  return Math.min(freemem(), inContainer ?? Infinity);
}

/** Of the control group, version 2. */
async function leftInGroup(): Promise<number | undefined> {
  try {
    const groups = await readFile('/proc/self/cgroup', 'utf8');
    const path = /^0::(.*)$/m.exec(groups)?.[1] ?? '/';
    const read = (name: string) => readFile(join('/sys/fs/cgroup', path, name), 'utf8');
    const [max, current, statistics] = await Promise.all(
      ['memory.max', 'memory.current', 'memory.stat'].map(read),
    );
    // The cache of files counts as used, and goes when somebody needs the room.
    const cached = [...statistics!.matchAll(/^(?:in)?active_file (\d+)$/gm)];
    const used = Number(current) - cached.reduce((sum, [, bytes]) => sum + Number(bytes), 0);
    const left = Number(max) - used;
    return Number.isNaN(left) ? undefined : left;
  } catch {
    return undefined;
  }
}
