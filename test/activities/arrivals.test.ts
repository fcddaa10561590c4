/** Conversions beside downloads: begun where there is room at once, waited for, and never in the way of others. */
import { expect, test } from 'vitest';
import { createArrivals } from '../../src/activities/arrivals.js';
import type { ImportPlan } from '../../src/activities/prepare.js';
import { settingsSchema } from '../../src/config/datasets.js';
import type { HostRoom } from '../../src/room/index.js';
import { datasetEntry } from '../helpers/kaggle-for-test.js';

const plan = {
  entry: datasetEntry({ kaggle_ref: 'o/s' }),
  settings: settingsSchema.parse({}),
} as ImportPlan;
const arriving = { file: '/inflated/0', path: 'a.csv', expectedBytes: 1e9 };
const { signal } = new AbortController();

/** Conversions that end when they are told to, and the promises of room that are laid. */
function setUp(hasRoom = true) {
  const begun: Array<{ path: string; signal: AbortSignal; end: () => void }> = [];
  let promised = 0;
  const room: HostRoom = {
    take: (_needs, { signal: asking, onWait }) => {
      if (!hasRoom) onWait('memory');
      asking.throwIfAborted();
      promised += 1;
      return Promise.resolve(() => {
        promised -= 1;
        return Promise.resolve();
      });
    },
  };
  const arrivals = createArrivals(
    { room, workRoot: '/nowhere' },
    {
      conversions: 2,
      convertArriving: (input, follow) =>
        new Promise((resolve, reject) => {
          const stop = (): void => reject(follow.signal.reason as Error);
          follow.signal.addEventListener('abort', stop);
          const end = (): void => resolve(true);
          begun.push({ path: input.originalPath, signal: follow.signal, end });
        }),
    },
  );
  return { arrivals, begun, promised: () => promised };
}

test('whoever converts the table waits for it, and nobody else does', async () => {
  const { arrivals, begun, promised } = setUp();
  arrivals.begin('run', plan, arriving);
  await expect.poll(() => begun.length).toBe(1);
  await arrivals.settled('run', 'other.csv', signal);
  await arrivals.settled('another run', 'a.csv', signal);
  let isSettled = false;
  const settled = arrivals.settled('run', 'a.csv', signal).then(() => (isSettled = true));
  await new Promise(setImmediate);
  expect([isSettled, promised()]).toEqual([false, 1]);
  begun[0]!.end();
  await settled;
  expect(promised()).toBe(0);
});

test('without room at once there is none, and one at a time of a run', async () => {
  const without = setUp(false);
  without.arrivals.begin('run', plan, arriving);
  await without.arrivals.settled('run', 'a.csv', signal);
  expect(without.begun).toEqual([]);

  const { arrivals, begun } = setUp();
  arrivals.begin('run', plan, arriving);
  arrivals.begin('run', plan, { ...arriving, path: 'b.csv' });
  arrivals.begin('second', plan, arriving);
  arrivals.begin('third', plan, arriving);
  await expect.poll(() => begun.length).toBe(2);
  expect(begun.map(({ path }) => path)).toEqual(['a.csv', 'a.csv']);
});

test('those who wait for room, the end of a run and a cancellation end it', async () => {
  const { arrivals, begun, promised } = setUp();
  arrivals.begin('run', plan, arriving);
  await expect.poll(() => begun.length).toBe(1);
  arrivals.giveWay();
  await arrivals.settled('run', 'a.csv', signal);
  expect(promised()).toBe(0);

  arrivals.begin('run', plan, arriving);
  await expect.poll(() => begun.length).toBe(2);
  await arrivals.end('run', 'sample');
  expect([begun[1]!.signal.aborted, promised()]).toEqual([true, 0]);

  arrivals.begin('run', plan, arriving);
  await expect.poll(() => begun.length).toBe(3);
  const stop = new AbortController();
  const settled = arrivals.settled('run', 'a.csv', stop.signal);
  stop.abort(new Error('cancelled'));
  await expect(settled).rejects.toThrow('cancelled');
  expect([begun[2]!.signal.aborted, promised()]).toEqual([true, 0]);
});
