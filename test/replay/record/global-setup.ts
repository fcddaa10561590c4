/** Servers for the recording: as for the tests, but Temporal finds histories large after a few dozen events. */
import type { TestProject } from 'vitest/node';
import type { SharedStack } from '../../helpers/global-setup.js';
import { startShortHistories } from '../../helpers/own-temporal.js';
import { startTestStack } from '../../helpers/test-stack.js';

/** So that a batch of three datasets continues as new in the middle, as one of hundreds does otherwise. */
const SUGGEST_CONTINUE_AS_NEW_AFTER_EVENTS = 45;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const temporal = await startShortHistories(SUGGEST_CONTINUE_AS_NEW_AFTER_EVENTS);
  const stack = await startTestStack({ services: ['postgres', 'minio'] });
  const environment = { ...stack.environment, TEMPORAL_ADDRESS: temporal.address };
  project.provide('stack', environment as unknown as SharedStack);
  return async () => {
    await temporal.stop();
    await stack.stop();
  };
}
