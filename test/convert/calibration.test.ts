/** How often reading is wrong, and whether it says so, over files whose truth other readers know. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { withReader } from '../helpers/read-source.js';
import { outcomeOf, type Outcome, type Truth } from '../helpers/truth.js';

const CORPUS = join(import.meta.dirname, '..', 'corpus');
const { packages, files } = JSON.parse(
  readFileSync(join(CORPUS, 'packages', 'truth.json'), 'utf8'),
) as { packages: { folder: string }[]; files: Truth[] };

/** Read otherwise than they should be, and not told: each is to be mended, and then leaves this list. */
const KNOWN_SILENT = [
  'packages/astropy/io__ascii__cds__multi__lhs2065.dat',
  'packages/frictionless/chunk2.headless.csv',
  'packages/frictionless/chunk3.csv',
  'packages/libpysal/desmith__desmith.txt',
  'packages/libpysal/virginia__virginia_queen.dat',
  'packages/statsmodels/spector__spector.csv',
];
const MOST_FALSE_ALARMS = 0.08;

describe('reading the corpus', () => {
  const outcomes = new Map<string, Outcome>();

  beforeAll(async () => {
    await withReader(async (read) => {
      for (const truth of files) {
        const bytes = readFileSync(join(CORPUS, truth.file));
        outcomes.set(truth.file, outcomeOf(await read(bytes, truth.file), truth));
      }
    });
  });

  const filesWith = (outcome: Outcome): string[] =>
    [...outcomes].filter(([, found]) => found === outcome).map(([file]) => file);

  test('is never wrong without a word', () => {
    expect(filesWith('wrong and silent')).toEqual(KNOWN_SILENT);
  });

  test('does not cry wolf over ordinary files', () => {
    const alarms = filesWith('false alarm').length;
    const ordinary = alarms + filesWith('right and silent').length;
    expect(alarms / ordinary).toBeLessThanOrEqual(MOST_FALSE_ALARMS);
  });
});

test('every file of a package has its truth, and every package its licence', () => {
  const folder = join(CORPUS, 'packages');
  const present = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.includes('/') && !file.endsWith('/LICENCE'))
    .map((file) => `packages/${file}`);
  const listed = files.map(({ file }) => file).filter((file) => file.startsWith('packages/'));
  expect(listed.sort()).toEqual(present.sort());
  for (const { folder: one } of packages) {
    expect(existsSync(join(CORPUS, one, 'LICENCE')), one).toBe(true);
  }
});
