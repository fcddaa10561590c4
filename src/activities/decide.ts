/** What a person has decided, through Temporal, of a version that is held. */
import type { DriftDecision } from '../contract.js';
import { decide, findUndecided } from '../publication/decide.js';
import type { Resources } from '../resources.js';
import { activity } from './step.js';

export type Undecided = Omit<DriftDecision, 'hasChanged'> & { readonly versionId: string };

export function decideActivities(resources: Resources) {
  return {
    /** Names the version first, so that the decision may be carried out any number of times. */
    findUndecided: activity(
      async ({
        version,
        ...asked
      }: Pick<DriftDecision, 'dataset' | 'decision'> & {
        readonly version?: string;
      }): Promise<Undecided> => {
        const found = await findUndecided(resources.catalog, asked.dataset, version);
        return { ...asked, version: found.sourceVersion, versionId: found.versionId };
      },
    ),

    decideDrift: activity(
      async (
        { versionId, dataset, version, decision }: Undecided,
        { signal },
      ): Promise<DriftDecision> => {
        await resources.requireOwnBucket(signal);
        const target = { versionId, sourceVersion: version };
        const { iceberg } = (await resources.loadConfig()).settings;
        const place = { ...resources, iceberg };
        const hasChanged = await decide(place, dataset, target, decision, signal);
        return { dataset, version, decision, hasChanged };
      },
    ),
  };
}
