/** How often reading is wrong, how sure it was, and whether it said so, over files whose truth other readers know. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { calibrationFigures, type Judged } from '../helpers/calibration-figures.js';
import { read, root } from '../helpers/markdown.js';
import { readSource } from '../helpers/read-source.js';
import { outcomeOf, wrongSubjects, type Truth } from '../helpers/truth.js';
import { variantsOf } from '../helpers/truth-variants.js';

const CORPUS = join(import.meta.dirname, '..', 'corpus');
const { packages, files } = JSON.parse(
  readFileSync(join(CORPUS, 'packages', 'truth.json'), 'utf8'),
) as { packages: { folder: string }[]; files: Truth[] };

/** Read otherwise than they should be, and not told, with the reason; what is mended may leave this list. */
const KNOWN: Readonly<Record<string, string>> = {};
const MOST_FALSE_ALARMS = 0.03;
const MOST_LIKELY_WRONG = 1 / 200;

const judged: Judged[] = [];

async function judge(truth: Truth, bytes: Buffer, set: Judged['set']): Promise<void> {
  const reading = await readSource(bytes, truth.file);
  const wrong = 'refused' in reading ? [] : wrongSubjects(reading, truth, bytes);
  const decisions = 'refused' in reading ? [] : reading.decisions;
  judged.push({ file: truth.file, set, outcome: outcomeOf(reading, truth), decisions, wrong });
}

beforeAll(async () => {
  for (const [at, truth] of files.entries()) {
    const bytes = readFileSync(join(CORPUS, truth.file));
    await judge(truth, bytes, 'files');
    for (const variant of variantsOf(truth, bytes, at))
      await judge(variant.truth, variant.bytes, 'variants');
  }
});

function filesWith(...outcomes: Judged['outcome'][]): string[] {
  return judged.filter(({ outcome }) => outcomes.includes(outcome)).map(({ file }) => file);
}

describe('reading the corpus', () => {
  test('is never wrong without a word, and leaves nothing out without one', () => {
    const silent = filesWith('wrong and silent', 'right but not told');
    expect(silent.filter((file) => KNOWN[file] === undefined)).toEqual([]);
  });

  test('does not cry wolf over ordinary files', () => {
    const ordinary = judged.filter(
      ({ set, outcome }) =>
        set === 'files' && (outcome === 'right and silent' || outcome === 'false alarm'),
    );
    const alarms = ordinary.filter(({ outcome }) => outcome === 'false alarm');
    expect(alarms.length / ordinary.length).toBeLessThanOrEqual(MOST_FALSE_ALARMS);
  });

  test('is right where it is sure, and nearly always where it is likely', () => {
    const all = judged.flatMap(({ file, decisions, wrong }) =>
      decisions.map(({ about, certainty }) => ({
        ...{ file, about, certainty },
        wrong: wrong.includes(about),
      })),
    );
    const sure = all.filter(({ certainty, wrong }) => certainty === 'sure' && wrong);
    expect(sure.filter(({ file }) => KNOWN[file] === undefined)).toEqual([]);
    const likely = all.filter(({ certainty }) => certainty === 'likely');
    const mistaken = likely.filter(({ file, wrong }) => wrong && KNOWN[file] === undefined);
    expect(mistaken.length / likely.length).toBeLessThanOrEqual(MOST_LIKELY_WRONG);
  });
});

test('docs/conversion.md says so in figures; `FIGURES=write` before this test writes them anew', () => {
  const page = read('docs/conversion.md');
  const block = /(?<=<!-- calibration -->\n\n)[^]*?(?=\n\n<!-- \/calibration -->)/;
  const figures = calibrationFigures(judged);
  if (process.env['FIGURES'] === 'write')
    writeFileSync(join(root, 'docs', 'conversion.md'), page.replace(block, figures));
  else expect(block.exec(page)?.[0]).toBe(figures);
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
