/** What who follows an import is told: in a log a line a stage and one every half minute, on a terminal living lines. */
import { expect, test } from 'vitest';
import type { ImportProgress, ImportResult } from '../../src/contract.js';
import { createReport } from '../../src/commands/report.js';
import type { Render } from '../../src/commands/screen.js';
import type { Sight } from '../../src/commands/look.js';

function progress(changes: Partial<ImportProgress> = {}): ImportProgress {
  return {
    ...{ dataset: 'big', stage: 'converting', since: new Date(0).toISOString(), stageMs: {} },
    ...{ tables: 1, tablesConverted: 0, tablesStored: 0, bytes: 1e9, rows: 0 },
    steps: [
      {
        ...{ doing: 'converting', name: 'big', phase: 'reading', percent: 60.4, unit: 'bytes' },
        ...{ done: 604e6, total: 1e9, perSecond: 42e6, secondsLeft: 9 },
      },
    ],
    ...changes,
  };
}
const sight = (changes: Partial<ImportProgress> = {}): Sight => ({
  dataset: 'big',
  progress: progress(changes),
});
const ended: ImportResult = {
  ...{ dataset: 'iris', outcome: 'published', tables: 1, carriedOver: 0, rows: 150, rejects: 0 },
  ...{ sourceBytes: 3900, parquetBytes: 2500, transferredBytes: 1, durationMs: 3800, warnings: [] },
};

function logged() {
  const lines: string[] = [];
  let nowMs = 0;
  const report = createReport({ note: (line) => lines.push(line) }, () => nowMs);
  return { lines, report, wait: (ms: number) => (nowMs += ms) };
}

test('a log gets one line a stage, and one every half minute', () => {
  const { lines, report, wait } = logged();
  for (let second = 0; second < 95; second += 1) {
    report.show({ sights: [sight(second < 5 ? { stage: 'downloading', steps: [] } : {})] });
    wait(1000);
  }
  const line = 'big: converting: reading, 60 %, 604.0 MB of 1.0 GB, 42.0 MB/s, 9 s left';
  expect(lines).toEqual(['big: downloading', line, line, line]);
});

test('a reason is told once, with its next step, and stands in the line of the half minute', () => {
  const { lines, report, wait } = logged();
  for (let attempt = 2; attempt < 40; attempt += 1) {
    const trouble = {
      ...{ step: `attempt ${attempt} of storeTable`, reason: 'STORE_UNREACHABLE: away' },
      nextStep: 'Start it.',
    };
    report.show({ sights: [{ ...sight(), trouble }] });
    wait(1000);
  }
  expect(lines.filter((line) => line.includes('STORE_UNREACHABLE'))).toHaveLength(1);
  expect(lines).toContain('  Next step: Start it.');
  expect(lines.at(-1)).toMatch(/; attempt 32 of storeTable$/);
});

test('a batch tells who has ended and with what, each once', () => {
  const { lines, report, wait } = logged();
  const failure = { code: 'SOURCE_NOT_FOUND', message: 'x', nextStep: 'y' };
  const ghost: ImportResult = { ...ended, dataset: 'ghost', outcome: 'failed', failure };
  const batch = {
    ...{ batchId: 'b', total: 9, running: ['big'], recent: [ended, ghost] },
    counts: { published: 1, 'up-to-date': 3, failed: 1 },
  };
  for (let second = 0; second <= 30; second += 1) {
    report.show({ sights: [sight()], batch });
    wait(1000);
  }
  expect(lines).toContain('iris: published, 150 rows, 3.9 kB -> 2.5 kB, 3.8 s');
  expect(lines.filter((line) => line === 'ghost: failed: SOURCE_NOT_FOUND')).toHaveLength(1);
  expect(lines.filter((line) => line === '3 datasets have ended')).toHaveLength(1);
  expect(lines).toContain('5 of 9 datasets done, 1 failed; 1 running; 3 to come');
});

test('a terminal gets a living line for each dataset, no more than it has rows', () => {
  let render: Render | undefined;
  const lines: string[] = [];
  const report = createReport({
    note: (line) => lines.push(line),
    live: (newest) => (render = newest),
  });
  const sights = Array.from({ length: 40 }, (_one, index) => ({
    ...sight(),
    dataset: `d${index}`,
  }));
  report.show({ sights, batch: { batchId: 'b', total: 50, running: [], counts: {}, recent: [] } });
  const drawn = render!(80, 24);
  expect(drawn.length).toBeLessThan(24);
  expect(drawn[1]).toMatch(/^d0 +reading +60 % {2}604.0 MB of 1.0 GB {2}42.0 MB\/s {2}9 s left$/);
  expect(drawn.at(-1)).toMatch(/^\.\.\. and \d+ more$/);
  expect(lines).toEqual([]);
  report.end();
  expect(render).toBeUndefined();
});
