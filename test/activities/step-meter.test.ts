/** Speed and time left come from the last seconds: they follow what happens, and a stall has none. */
import { expect, test } from 'vitest';
import { createStepMeter } from '../../src/activities/step-meter.js';

function metered() {
  let nowMs = 0;
  const meter = createStepMeter(() => nowMs);
  const reading = (done: number) => {
    meter.report({
      ...{ doing: 'converting', phase: 'reading', unit: 'bytes', total: 1000 },
      ...{ done, percent: done / 10 },
    });
  };
  return { meter, reading, wait: (ms: number) => (nowMs += ms) };
}

test('before the first report nothing is known', () => {
  expect(metered().meter.read()).toBeUndefined();
});

test('speed and time left are those of the last seconds', () => {
  const { meter, reading, wait } = metered();
  for (let second = 0; second <= 40; second += 1) {
    // Slow at first, five times as fast in the end.
    reading(second < 20 ? second : 20 + (second - 20) * 5);
    wait(1000);
  }
  expect(meter.read()).toMatchObject({ done: 120, percent: 12, perSecond: 5 });
  // 880 bytes at a little less than 5 a second: the last second has brought nothing yet.
  expect(meter.read()!.secondsLeft).toBeGreaterThanOrEqual(176);
  expect(meter.read()!.secondsLeft).toBeLessThan(195);
});

test('what stands still has no speed and no end', () => {
  const { meter, reading, wait } = metered();
  reading(0);
  wait(1000);
  reading(500);
  wait(30_000);
  reading(500);
  wait(1000);
  expect(meter.read()).toMatchObject({ done: 500, perSecond: 0 });
  expect(meter.read()).not.toHaveProperty('secondsLeft');
});

test('a phase begins anew: its speed is its own', () => {
  const { meter, reading, wait } = metered();
  reading(0);
  wait(1000);
  reading(900);
  meter.report({ doing: 'converting', phase: 'proving', unit: 'rows', done: 0, percent: 0 });
  wait(2000);
  meter.report({ doing: 'converting', phase: 'proving', unit: 'rows', done: 10, percent: 50 });
  expect(meter.read()).toMatchObject({ phase: 'proving', perSecond: 5, secondsLeft: 2 });
});
