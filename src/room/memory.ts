/** The memory of this host, or of the container that the worker is in. */
import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';

/** All that the worker and its processes may ever have, in bytes. */
export function totalMemory(): number {
  const constrained = process.constrainedMemory();
  // Without a limit, Node gives 0 or a number beyond any memory; of limits above the own group it does not know.
  const known = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return process.platform === 'linux' ? Math.min(known, groupMemory().limit) : known;
}

/** What a new process could take without anybody's end. `undefined` where the system does not say. */
export function availableMemory(): number | undefined {
  // Elsewhere, free memory leaves out what the system would give up at once.
  if (process.platform !== 'linux') return undefined;
  return Math.min(freemem(), groupMemory().left);
}

interface GroupFiles {
  /** Below the folder of all groups. */
  readonly root: string;
  /** Of this process, from the root. */
  readonly path: string;
  readonly limit: string;
  readonly used: string;
}

export interface GroupMemory {
  /** The lowest limit; Infinity without one. */
  readonly limit: number;
  /** Until the nearest limit. */
  readonly left: number;
}

/**
 * In bytes, of this process's control groups, those above its own included. Version 2 (docs.kernel.org/admin-guide/cgroup-v2.html), and 1 where the memory is still counted there.
 * @param folder - where the groups are mounted
 * @param own - says which groups are those of this process
 */
export function groupMemory(folder = '/sys/fs/cgroup', own = '/proc/self/cgroup'): GroupMemory {
  const groups = textOf(own) ?? '';
  const path1 = /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$/m.exec(groups)?.[1];
  const path2 = /^0::(.*)$/m.exec(groups)?.[1] ?? '/';
  const version1 = { limit: 'memory.limit_in_bytes', used: 'memory.usage_in_bytes' };
  const files: GroupFiles =
    path1 === undefined
      ? { root: folder, path: path2, limit: 'memory.max', used: 'memory.current' }
      : { root: join(folder, 'memory'), path: path1, ...version1 };
  let [limit, left] = [Infinity, Infinity];
  for (let path = files.path; ; path = dirname(path)) {
    const one = memoryOf(join(files.root, path), files);
    [limit, left] = [Math.min(limit, one.limit), Math.min(left, one.left)];
    if (path === '/' || path === '.') return { limit, left };
  }
}

const NO_LIMIT: GroupMemory = { limit: Infinity, left: Infinity };

/** The group at the root has no such files, nor has one of another container. */
function memoryOf(group: string, files: GroupFiles): GroupMemory {
  const [max, current, statistics] = [files.limit, files.used, 'memory.stat'].map((name) =>
    textOf(join(group, name)),
  );
  const limit = Number(max);
  // `max`: none.
  if (Number.isNaN(limit) || current === undefined || statistics === undefined) return NO_LIMIT;
  // The cache of files counts as used, and goes when somebody needs the room.
  const counted = /^total_/m.test(statistics) ? 'total_' : '';
  const cache = new RegExp(`^${counted}(?:in)?active_file (\\d+)$`, 'gm');
  const cached = [...statistics.matchAll(cache)].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
  return { limit, left: Math.max(0, limit - (Number(current) - cached)) };
}

/** Files of the kernel, which are there at once; `undefined` without. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
