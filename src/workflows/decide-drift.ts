/** Carries out what a person says of a version that is held; started by the update that says it. */
import {
  allHandlersFinished,
  condition,
  defineUpdate,
  proxyActivities,
  setHandler,
  type ApplicationFailure,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import {
  APPROVE_DRIFT_UPDATE,
  REJECT_DRIFT_UPDATE,
  type DecideDriftInput,
  type DriftDecision,
  type DriftUpdate,
} from '../contract.js';
import { questions, records } from './activity-options.js';
import { failed, summaryFor, summaryOf } from './failures.js';
import { requireDecideDriftInput, requireDriftUpdate } from './input.js';

const { findUndecided } = proxyActivities<Activities>(questions);
const { decideDrift: carryOut } = proxyActivities<Activities>(records);

/** An update comes with the start, or right behind it. */
const UPDATE_WITHIN = '1 minute';

/**
 * Ends with the decision of its first update, `approveDrift` or `rejectDrift`; each of them takes `{"version": "3"}`,
 * or nothing for the version that is held. Nothing waits in Temporal for a decision: the catalog knows what is held.
 * Fails with INPUT_INVALID when no update comes, and with what the decision fails with.
 */
export async function decideDrift(input: DecideDriftInput): Promise<DriftDecision> {
  requireDecideDriftInput(input);
  const { dataset } = input;
  let decided: DriftDecision | undefined;
  let failure: ApplicationFailure | undefined;
  const handle =
    (decision: DriftDecision['decision']) =>
    async (wanted: DriftUpdate = {}) => {
      try {
        decided = await carryOut(await findUndecided({ dataset, decision, ...wanted }));
        return decided;
      } catch (error) {
        failure = failed(summaryOf(error));
        throw failure;
      }
    };
  const validator = requireDriftUpdate;
  setHandler(defineUpdate<DriftDecision, [DriftUpdate?]>(APPROVE_DRIFT_UPDATE), handle('approve'), {
    validator,
  });
  setHandler(defineUpdate<DriftDecision, [DriftUpdate?]>(REJECT_DRIFT_UPDATE), handle('reject'), {
    validator,
  });
  await condition(() => (decided ?? failure) !== undefined, UPDATE_WITHIN);
  await condition(allHandlersFinished);
  if (decided) return decided;
  throw failure ?? failed(noUpdate());
}

function noUpdate() {
  const { message, ...summary } = summaryFor('INPUT_INVALID');
  const expected = `an update ${APPROVE_DRIFT_UPDATE} or ${REJECT_DRIFT_UPDATE} with the start`;
  return { ...summary, message: `${message}: expected ${expected}, found none` };
}
