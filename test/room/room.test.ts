/** Room of a host that steps take before they begin: whoever has it promised, and whether they live. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diskRoom } from '../../src/cache/disk-room.js';
import { withEntry } from '../../src/cache/lock.js';
import { createHostRoom, type Needs } from '../../src/room/index.js';
import { availableMemory, totalMemory } from '../../src/room/memory.js';
import { lay, promises } from '../../src/room/promises.js';
import { failureOf, signal, temporaryFolder } from '../helpers/kaggle-for-test.js';

const NONE: Needs = { diskBytes: 0, memoryBytes: 0 };
/** For others on this machine while the tests run. */
const KEEP_FREE_BYTES = 64e6;

async function host(keepFree: Partial<Needs> = {}) {
  const folder = await temporaryFolder();
  const [cacheDirectory, workRoot] = [join(folder, 'cache'), join(folder, 'work')];
  await Promise.all([mkdir(cacheDirectory), mkdir(workRoot)]);
  const asked: number[] = [];
  const room = createHostRoom({
    ...{ cacheDirectory, workRoot },
    keepFree: { ...NONE, diskBytes: KEEP_FREE_BYTES, ...keepFree },
    evict: async (bytes) => void asked.push(bytes),
  });
  const { bavail, bsize } = await statfs(folder);
  const { dev: device } = await stat(folder);
  const share = Math.floor((bavail * bsize - KEEP_FREE_BYTES) * 0.6);
  return { cacheDirectory, room, asked, share, device };
}

const ofDisk = (diskBytes: number): Needs => ({ ...NONE, diskBytes });

test('of two steps that have room one by one, the second waits for the first', async () => {
  const { room, share } = await host();
  const ended: string[] = [];
  const giveBack = await room.take(ofDisk(share), { signal, onWait: () => undefined });
  const second = new Promise<() => Promise<void>>((resolve, reject) => {
    const onWait = (of: string): void => {
      if (ended.length === 0) void giveBack().then(() => ended.push(`first, waited for: ${of}`));
    };
    room.take(ofDisk(share), { signal, onWait }).then(resolve, reject);
  });
  await (
    await second
  )();
  expect(ended).toEqual(['first, waited for: disk']);
});

test('a download does not count on what a step has been promised, nor the other way round', async () => {
  const { room, share, cacheDirectory } = await host();
  const downloads = diskRoom({
    ...{ directory: cacheDirectory, key: 'one', keepFreeBytes: KEEP_FREE_BYTES },
    evict: async () => undefined,
  });
  await withEntry(cacheDirectory, 'one', signal, async () => {
    const giveBack = await room.take(ofDisk(share), { signal, onWait: () => undefined });
    expect((await failureOf(downloads.reserve('/a.partial', share))).code).toBe('DISK_FULL');
    await giveBack();
    const ended = await downloads.reserve('/a.partial', share);
    const onWait = (): void => void ended();
    await (
      await room.take(ofDisk(share), { signal, onWait })
    )();
    expect(await readdir(join(cacheDirectory, 'reservations'))).toEqual([]);
  });
});

test('what nobody has to give back is refused at once, after the cache was asked to make room', async () => {
  const { room, share, asked, cacheDirectory } = await host();
  const taking = room.take(ofDisk(2 * share), { signal, onWait: () => undefined });
  expect((await failureOf(taking)).code).toBe('DISK_FULL');
  expect(asked[0]).toBeGreaterThan(0);
  expect(await promises(cacheDirectory)).toEqual([]);
});

test('promises of a killed process are nobody’s', async () => {
  const { room, share, cacheDirectory, device } = await host();
  const script = `const { lay } = await import(${JSON.stringify(new URL('../../dist/room/promises.js', import.meta.url).href)});
    await lay(${JSON.stringify(cacheDirectory)}, { device: ${device}, diskBytes: ${share}, memoryBytes: 0 });
    console.log('laid');
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
  await once(child.stdout, 'data');
  expect(await promises(cacheDirectory)).toEqual([{ device, diskBytes: share, memoryBytes: 0 }]);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const giveBack = await room.take(ofDisk(share), { signal, onWait: () => undefined });
  await giveBack();
  expect(await readdir(join(cacheDirectory, 'promises'))).toEqual([]);
});

test('memory is given out once, and what others keep free is theirs', async () => {
  const { room, cacheDirectory, device } = await host();
  const memoryBytes = totalMemory();
  const other = await lay(cacheDirectory, { device, diskBytes: 0, memoryBytes });
  const stop = new AbortController();
  const waited: string[] = [];
  const onWait = (of: string): void => {
    waited.push(of);
    stop.abort(new Error('has waited'));
  };
  const small = { ...NONE, memoryBytes: 1e6 };
  await expect(room.take(small, { signal: stop.signal, onWait })).rejects.toThrow();
  expect(waited).toEqual(['memory']);
  await other.takeBack();
  await (
    await room.take(small, { signal, onWait })
  )();
  expect(availableMemory()).toBeLessThanOrEqual(memoryBytes);
});
