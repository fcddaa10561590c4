/** The living lines keep within their terminal, whatever it is, and give up the less important first. */
import { expect, test } from 'vitest';
import { liveLines } from '../../src/commands/live-lines.js';

const LINES = [
  {
    dataset: 'a-dataset-with-a-very-long-name-indeed',
    stage: 'converting',
    part: 'reading',
    percent: '60 %',
    amount: '600.1 MB of 1.0 GB',
    rate: '42.0 MB/s',
    left: '10 s left',
  },
  { dataset: 'iris', stage: 'converting', heldUp: 'attempt 3 of storeTable' },
] as const;

test('no line fills a terminal of any width', () => {
  for (let columns = 2; columns < 200; columns += 1) {
    for (const line of liveLines(LINES, columns)) expect(line.length).toBeLessThan(columns);
  }
});

test('80 columns show name, step, per cent, amount and time left; more show speed and a bar', () => {
  const [narrow] = liveLines(LINES, 80);
  for (const part of ['a-dataset', 'reading', '60 %', '600.1 MB of 1.0 GB', '10 s left']) {
    expect(narrow).toContain(part);
  }
  const [wide] = liveLines(LINES, 130);
  expect(wide).toContain('42.0 MB/s');
  expect(wide).toContain('[############........]');
});

test('what holds a dataset up stands in its line', () => {
  expect(liveLines(LINES, 80)[1]).toMatch(/^iris +converting +attempt 3 of storeTable$/);
});
