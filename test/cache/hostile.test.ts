/** Downloads from a server that misbehaves, by processes that are killed: what is finished is one version, to the byte. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCache, type Cache } from '../../src/cache/index.js';
import { ImportError } from '../../src/errors/index.js';
import { createSources, type Sources } from '../../src/source/index.js';
import type { PinnedSource } from '../../src/source/types.js';
import { datasetEntry, obtainOptions, signal, sourceOptions } from '../helpers/kaggle-for-test.js';
import {
  diceOf,
  startHostileServer,
  type Dice,
  type HostileServer,
} from '../helpers/hostile-server.js';
import { propertyCases } from '../helpers/properties.js';

const PROGRAM = join(import.meta.dirname, '..', 'helpers', 'obtain-process.js');
const MAX_TRIES = 40;
/** Of one file; those that find nothing new are hits. */
const DOWNLOADS = 5;
/** One download in so many is tried by a process that is killed first. */
const KILLED_ONE_IN = 12;

type Entry = ReturnType<typeof datasetEntry>;

interface Place {
  readonly server: HostileServer;
  readonly sources: Sources;
  readonly cache: Cache;
  readonly directory: string;
  readonly entry: Entry;
}

/** Gives what was finished, with the version that was pinned for it. */
async function obtained(place: Place, dice: Dice): Promise<{ key: string; pin: PinnedSource }> {
  const { server, sources, cache, entry } = place;
  for (let tries = 0; ; tries += 1) {
    if (tries === MAX_TRIES) server.calm();
    try {
      const pin = await sources.pin(entry, { signal });
      if (dice(KILLED_ONE_IN) === 0) await killedWhileObtaining(place, pin, dice);
      const force = dice(2) === 0;
      const { key } = await cache.obtain(entry, pin, { ...obtainOptions, force });
      return { key, pin };
    } catch (error) {
      if (!(error instanceof ImportError) || tries > MAX_TRIES) throw error;
    }
  }
}

async function killedWhileObtaining(
  { directory, entry }: Place,
  pin: PinnedSource,
  dice: Dice,
): Promise<void> {
  const request = { sourceOptions: sourceOptions('http://127.0.0.1:9'), directory, entry, pin };
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(request)]);
  const ended = once(child, 'exit');
  await Promise.race([once(child.stderr, 'data'), ended]);
  await sleep(dice(30));
  child.kill('SIGKILL');
  await ended;
}

/** Some downloads after each other, of one file as it changes. Gives how many versions it had. */
async function downloadsFrom(seed: number): Promise<number> {
  const dice = diceOf(seed ^ 0x5bd1e995);
  const directory = await mkdtemp(join(tmpdir(), 'kaggle-import-hostile-'));
  const server = await startHostileServer(seed);
  const sources = createSources(sourceOptions('http://127.0.0.1:9'));
  const limits = { durationDays: 7, maxBytes: 1e9, parallelDownloads: 4 };
  const cache = createCache({ ...limits, directory, sources });
  const entry = datasetEntry({ source: { url: `${server.url}/data.bin` } });
  try {
    for (let download = 0; download < DOWNLOADS; download += 1) {
      const { key, pin } = await obtained({ server, sources, cache, directory, entry }, dice);
      const [file] = await cache.files(key);
      const bytes = await readFile(file!.absolutePath);
      expect(bytes.equals(server.versions.get(pin.states![0]!.tag!)!)).toBe(true);
    }
    return server.versions.size;
  } finally {
    await sources.close();
    await server.close();
    await rm(directory, { recursive: true, force: true });
  }
}

test('a finished entry is the pinned version to the byte, whatever the server does', async () => {
  let [seeds, versions] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(), { minLength: 4, maxLength: 4 }), async (several) => {
      const counts = await Promise.all(several.map(downloadsFrom));
      versions += counts.reduce((sum, count) => sum + count, 0);
      seeds += several.length;
    }),
    propertyCases(3),
  );
  // Most files must have changed while they were fetched, or nothing was tried.
  expect(versions).toBeGreaterThan(seeds * 2);
}, 7_200_000);
