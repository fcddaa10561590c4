/** All activities, made from the resources of one worker. */
import type { BytesPool, BytesWork, SmallWork } from '../pool/index.js';
import type { Resources } from '../resources.js';
import type { Telling } from '../telling/index.js';
import { aftermathActivities } from './aftermath.js';
import { createArrivals, type Arrivals } from './arrivals.js';
import { batchActivities } from './batch.js';
import { convertActivities } from './convert.js';
import { decideActivities } from './decide.js';
import { downloadActivities } from './download.js';
import { keepActivities } from './keep.js';
import { prepareActivities } from './prepare.js';
import { publishActivities } from './publish.js';
import { shortActivities } from './short.js';
import { storeActivities } from './store.js';
import { upkeepActivities } from './upkeep.js';

function stepActivities(
  resources: Resources,
  telling: Telling,
  work: BytesWork,
  arrivals: Arrivals,
) {
  return {
    ...prepareActivities(resources),
    ...downloadActivities(resources, work, arrivals),
    ...convertActivities(resources, work, arrivals),
    ...storeActivities(resources, work),
    ...keepActivities(resources, work),
    ...publishActivities(resources),
    ...decideActivities(resources),
    ...aftermathActivities(resources, telling, arrivals),
    ...batchActivities(resources, telling),
    ...upkeepActivities(resources, telling, work),
  };
}

/** Each a task of its own. */
export type StepActivities = ReturnType<typeof stepActivities>;
export type Activities = StepActivities & ReturnType<typeof shortActivities>;

export function createActivities(
  resources: Resources,
  telling: Telling,
  work: BytesWork & Pick<BytesPool, 'conversions'> & { readonly small: SmallWork },
): Activities {
  const arrivals = createArrivals(resources, work);
  const steps = stepActivities(resources, telling, work, arrivals);
  const small = { ...steps, ...convertActivities(resources, work.small, arrivals) };
  return { ...steps, ...shortActivities(steps, small) };
}
