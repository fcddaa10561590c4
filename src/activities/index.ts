/** All activities, made from the resources of one worker. */
import type { Resources } from '../resources.js';
import { aftermathActivities } from './aftermath.js';
import { convertActivities } from './convert.js';
import { downloadActivities } from './download.js';
import { prepareActivities } from './prepare.js';
import { publishActivities } from './publish.js';
import { storeActivities } from './store.js';

export function createActivities(resources: Resources) {
  return {
    ...prepareActivities(resources),
    ...downloadActivities(resources),
    ...convertActivities(resources),
    ...storeActivities(resources),
    ...publishActivities(resources),
    ...aftermathActivities(resources),
  };
}

export type Activities = ReturnType<typeof createActivities>;
