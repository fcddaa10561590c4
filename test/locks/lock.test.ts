/** One at a time, whatever was left by the dead. */
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { isLocked, withLock } from '../../src/locks/lock.js';
import { identify, pidWorld } from '../../src/locks/process-identity.js';
import { temporaryFolder } from '../helpers/kaggle-for-test.js';

async function claimOf(claimant: object, ageMs = 0): Promise<string> {
  const lock = join(await temporaryFolder(), 'lock');
  await mkdir(lock);
  const claim = join(lock, 'other.json');
  await writeFile(claim, JSON.stringify(claimant));
  const then = new Date(Date.now() - ageMs);
  await utimes(claim, then, then);
  return lock;
}

const self = () => ({ ...identify(process.pid)!, world: pidWorld() });
const dead = () => ({ ...self(), startTime: 'long ago' });

test('many starters that meet a stale claim at once: one at a time gets in', async () => {
  const lock = await claimOf(dead());
  let [inside, most] = [0, 0];
  const starters = Array.from({ length: 12 }, () =>
    withLock(lock, { signal: new AbortController().signal }, async () => {
      inside += 1;
      most = Math.max(most, inside);
      await sleep(5);
      inside -= 1;
    }),
  );
  await Promise.all(starters);
  expect(most).toBe(1);
  await expect(readdir(lock)).rejects.toThrow('ENOENT');
});

test.each([
  ['a process that lives', self(), 120_000, true],
  ['one that lives and has slept too long', self(), 11 * 60_000, false],
  ['a process that has ended', dead(), 0, false],
  ['one of another host, heard of just now', { ...self(), world: 'elsewhere' }, 10_000, true],
  ['one of another host, silent for a minute', { ...self(), world: 'elsewhere' }, 61_000, false],
])('the claim of %s', async (_name, claimant, ageMs, holds) => {
  expect(await isLocked(await claimOf(claimant, ageMs))).toBe(holds);
});

test('a claim that is still being written is none', async () => {
  const lock = join(await temporaryFolder(), 'lock');
  await mkdir(lock);
  await writeFile(join(lock, 'half.json.tmp'), '{"pid": 1');
  expect(await isLocked(lock)).toBe(false);
});
