/** What is no table is kept a line a file: a hundred thousand of them hold nobody up. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configFileSchema } from '../../../src/config/datasets.js';
import { unpack, type UnpackResult } from '../../../src/convert/index.js';
import type { SkippedFile } from '../../../src/convert/types.js';
import {
  readSkipped,
  skippedFileOf,
  tellSkipped,
  writeSkipped,
} from '../../../src/convert/unpack/skipped-files.js';
import { temporaryFolder } from '../../helpers/convert.js';

const COUNT = 100_000;
const skipped = Array.from({ length: COUNT }, (_none, index): SkippedFile => {
  const originalPath = `images/${index}.${index % 2 === 0 ? 'jpg' : 'png'}`;
  return { originalPath, bytes: index, reason: 'not tabular', keeps: true };
});

test('a hundred thousand are read in turns, all of them, in their order', async () => {
  const workDirectory = temporaryFolder();
  await writeSkipped(workDirectory, skipped);
  let turns = 0;
  let over = false;
  const turn = (): void => {
    turns += 1;
    if (!over) setImmediate(turn);
  };
  setImmediate(turn);
  const read: SkippedFile[] = [];
  let longest = 0;
  let before = turns;
  let inOneTurn = 0;
  for await (const file of readSkipped(workDirectory)) {
    inOneTurn = turns === before ? inOneTurn + 1 : 1;
    before = turns;
    longest = Math.max(longest, inOneTurn);
    read.push(file);
  }
  over = true;
  expect(read).toEqual(skipped);
  // A few milliseconds of work.
  expect(longest).toBeLessThan(COUNT / 20);
});

test('what the worker is told of them does not grow with them', () => {
  const told = tellSkipped(skipped, false);
  expect(told).toEqual({ skipped: '50000 jpg, 50000 png' });
  expect(tellSkipped(skipped, true)).toEqual({ keeps: COUNT });
  const failure = { code: 'ARCHIVE_DAMAGED', nextStep: 'Get it again.' };
  const { failed } = tellSkipped(
    skipped.map((file) => ({ ...file, failure })),
    true,
  );
  expect(failed).toMatchObject({ count: COUNT });
  expect(failed!.first).toHaveLength(20);
});

test('it is found again, and made anew where it is not complete or of an older version', async () => {
  const workDirectory = temporaryFolder();
  const absolutePath = join(workDirectory, 'a.csv');
  writeFileSync(absolutePath, 'x\n1\n');
  const picture = join(workDirectory, 'a.png');
  writeFileSync(picture, '\x89PNG\r\n\x1a\n', 'latin1');
  const { config, datasets } = configFileSchema.parse({
    datasets: { pets: { kaggle_ref: 'o/pets' } },
  });
  const again = (): Promise<UnpackResult> =>
    unpack({
      files: [
        { path: 'a.csv', absolutePath, bytes: 4, sha256: 'a' },
        { path: 'a.png', absolutePath: picture, bytes: 8, sha256: 'b' },
      ],
      ...{ workDirectory, entry: { ...datasets['pets']!, name: 'pets' }, limits: config.limits },
      signal: new AbortController().signal,
    });
  const first = await again();
  expect(first.skipped).toMatchObject([{ originalPath: 'a.png', keeps: true }]);
  expect(await again()).toEqual(first);

  const marker = join(workDirectory, 'unpacked.json');
  const now = readFileSync(marker, 'utf8');
  expect(now).not.toContain('a.png');
  rmSync(skippedFileOf(workDirectory));
  expect(await again()).toEqual(first);
  // As version 2 had it: everything in one text, and no list beside it.
  writeFileSync(marker, JSON.stringify({ key: 'of version 2', ...first }));
  rmSync(skippedFileOf(workDirectory));
  expect(await again()).toEqual(first);
  expect(readFileSync(marker, 'utf8')).toBe(now);
});
