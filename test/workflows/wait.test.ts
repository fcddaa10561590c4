/** A wait ends by itself before Temporal ends its run. */
import { ApplicationFailure } from '@temporalio/common';
import { beforeEach, expect, test, vi } from 'vitest';
import type { ProgressTracker } from '../../src/workflows/progress.js';
import { createPatience } from '../../src/workflows/wait.js';

const history = vi.hoisted(() => ({ historyLength: 0, historySize: 0 }));
const waits = vi.hoisted(() => ({ count: 0 }));
vi.mock('@temporalio/workflow', async (original) => ({
  ...(await original<object>()),
  setHandler: () => undefined,
  patched: () => true,
  workflowInfo: () => history,
  // Each look adds to the history, as it does on a server.
  condition: async () => {
    waits.count += 1;
    history.historyLength += 20;
    history.historySize += 20_000;
  },
}));

const progress = { current: { stage: 'resolving' }, enter: () => undefined } as unknown;
const notReady = () =>
  Promise.reject(
    ApplicationFailure.create({
      type: 'DATASET_NOT_READY',
      details: [{ code: 'DATASET_NOT_READY', message: 'not ready', nextStep: 'Wait.' }],
    }),
  );

beforeEach(() => Object.assign(waits, { count: 0 }));

test.each([
  ['events', { historyLength: 39_000, historySize: 0 }],
  ['bytes', { historyLength: 0, historySize: 39e6 }],
])('it gives up, and says why, once its history is full of %s', async (_what, before) => {
  Object.assign(history, before);
  const patiently = createPatience(progress as ProgressTracker, false, async () => undefined);
  await expect(patiently(700, notReady)).rejects.toMatchObject({
    type: 'WAITED_TOO_LONG',
    message: expect.stringContaining('as often as one run can'),
  });
  expect(waits.count).toBeGreaterThan(10);
  expect(waits.count).toBeLessThan(60);
});
