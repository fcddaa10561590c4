/** Room on the disk and in the memory of this host, asked for before a step begins what it could not end. */
import { mkdir, stat, statfs } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { onDisk } from '../cache/failures.js';
import { reservedBytes } from '../cache/disk-room.js';
import { ImportError } from '../errors/index.js';
import { availableMemory, totalMemory } from './memory.js';
import { lay, promises, type Laid } from './promises.js';

export interface Needs {
  /** In the work folder. */
  readonly diskBytes: number;
  /** Of one process. */
  readonly memoryBytes: number;
}

export interface Asking {
  readonly signal: AbortSignal;
  /** Called each time there is too little, and others may give it back. */
  readonly onWait: (of: 'disk' | 'memory') => void;
}

export interface HostRoom {
  /**
   * Waits while others have it; the answer gives it back.
   * @throws DISK_FULL, MEMORY_SHORT when nobody has it to give back, or not within minutes
   */
  readonly take: (needs: Needs, asking: Asking) => Promise<() => Promise<void>>;
}

export interface HostRoomOptions {
  /** Absolute; of all workers of this host. */
  readonly cacheDirectory: string;
  /** Absolute. */
  readonly workRoot: string;
  /** For everybody else on this host. */
  readonly keepFree: Needs;
  /** Removes what the cache can spare, about so many bytes. */
  readonly evict: (bytes: number, signal: AbortSignal) => Promise<void>;
}

/** Of less, many together fit into what is left for everybody: it is looked for, and not promised. */
const WORTH_PROMISING_BYTES = 4 * 1024 ** 2;

/** Then the import waits where people see it, and its place is another's. */
const PATIENCE_MS = 5 * 60_000;
const LOOK_EVERY_MS = 1_000;

/** Of all memory, what one process is taken to need at most: a smaller host has never had more to give. */
const SHARE = 0.5;

const NOTHING_LAID: Laid = { name: '', takeBack: () => Promise.resolve() };

interface Lack {
  readonly of: 'disk' | 'memory';
  readonly found: number;
  /** It may pass by itself. */
  readonly passes: boolean;
}

export function createHostRoom(options: HostRoomOptions): HostRoom {
  const { cacheDirectory, workRoot, keepFree, evict } = options;

  return {
    async take({ diskBytes, memoryBytes }, { signal, onWait }) {
      const needs = {
        diskBytes,
        memoryBytes: Math.min(memoryBytes, SHARE * totalMemory()),
      };
      await onDisk(workRoot, () => mkdir(workRoot, { recursive: true }));
      const { dev: device } = await stat(workRoot);
      const deadline = Date.now() + PATIENCE_MS;
      for (;;) {
        signal.throwIfAborted();
        // Laid before the others are counted: of two at the same time, at least one sees both.
        const laid = isSmall(needs)
          ? NOTHING_LAID
          : await onDisk(cacheDirectory, () => lay(cacheDirectory, { device, ...needs }));
        let lack: Lack | undefined;
        let isTaken = false;
        try {
          lack = (await memoryLack(needs, laid.name)) ?? (await diskLack(needs, laid.name, signal));
          isTaken = lack === undefined;
        } finally {
          if (!isTaken) await laid.takeBack();
        }
        if (!lack) return laid.takeBack;
        if (!lack.passes || Date.now() > deadline) throw refusal(lack, needs, workRoot);
        onWait(lack.of);
        await sleep(LOOK_EVERY_MS * (0.5 + Math.random()), undefined, { signal });
      }
    },
  };

  async function memoryLack({ memoryBytes }: Needs, own: string): Promise<Lack | undefined> {
    if (memoryBytes === 0) return undefined;
    const others = await promises(cacheDirectory, own);
    const promised = others.reduce((sum, one) => sum + one.memoryBytes, 0);
    // What others take of their promise is gone from what is available: each is a bound of its own.
    const unpromised = totalMemory() - promised;
    const left = Math.min(unpromised, availableMemory() ?? Infinity) - keepFree.memoryBytes;
    if (memoryBytes <= left) return undefined;
    return { of: 'memory', found: Math.floor(Math.max(0, left)), passes: true };
  }

  async function diskLack(
    { diskBytes }: Needs,
    own: string,
    signal: AbortSignal,
  ): Promise<Lack | undefined> {
    if (diskBytes === 0) return undefined;
    const first = await diskLeft(own);
    if (diskBytes <= first.left) return undefined;
    if (first.isOfCache) await evict(diskBytes - first.left, signal);
    const { left, promised } = await diskLeft(own);
    if (diskBytes <= left) return undefined;
    return { of: 'disk', found: Math.max(0, left), passes: diskBytes <= left + promised };
  }

  async function diskLeft(own: string) {
    const { bavail, bsize } = await statfs(workRoot);
    const { dev } = await stat(workRoot);
    const isOfCache = (await stat(cacheDirectory)).dev === dev;
    const others = (await promises(cacheDirectory, own)).filter(({ device }) => device === dev);
    const downloads = isOfCache ? await reservedBytes(cacheDirectory) : 0;
    const promised = others.reduce((sum, one) => sum + one.diskBytes, downloads);
    return { left: bavail * bsize - keepFree.diskBytes - promised, promised, isOfCache };
  }
}

function isSmall({ diskBytes, memoryBytes }: Needs): boolean {
  return memoryBytes === 0 && diskBytes < WORTH_PROMISING_BYTES;
}

function refusal({ of, found }: Lack, needs: Needs, workRoot: string): ImportError {
  const bytes = of === 'disk' ? needs.diskBytes : needs.memoryBytes;
  return new ImportError(of === 'disk' ? 'DISK_FULL' : 'MEMORY_SHORT', {
    ...(of === 'disk' && { place: workRoot }),
    expected: `${bytes} bytes free, beside what other steps of this host have been promised`,
    found: `${found} bytes`,
  });
}
