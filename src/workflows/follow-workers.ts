/** Looks now and then how many places the workers of the moment give to a batch. */
import {
  CancellationScope,
  isCancellation,
  log,
  proxyActivities,
  sleep,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import { questions } from './activity-options.js';
import { summaryOf } from './failures.js';

const { countPlaces } = proxyActivities<Activities>(questions);

/** Workers that start together with a night are there soon; later ones may wait, for each look is in the history. */
const FIRST_LOOK_MS = 5_000;
const LONGEST_PAUSE_MS = 10 * 60_000;

/** Tells `resize` until it is ended; a look that fails changes nothing. */
export function followWorkers(resize: (places: number) => void): { end(): void } {
  const scope = new CancellationScope();
  const looks = scope.run(async () => {
    for (let pause = FIRST_LOOK_MS; ; pause = Math.min(LONGEST_PAUSE_MS, 2 * pause)) {
      await sleep(pause);
      try {
        resize(await countPlaces({}));
      } catch (error) {
        if (isCancellation(error)) throw error;
        log.warn('the places of a batch stay as they are', { ...summaryOf(error) });
      }
    }
  });
  // Its only end is the one below.
  looks.catch(() => undefined);
  return { end: () => scope.cancel() };
}
