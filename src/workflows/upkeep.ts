/** What is done regularly, by a schedule or by hand: old versions go, and what is stored is read again. */
import { CancellationScope, isCancellation, log, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type {
  DeepResult,
  FailureSummary,
  GarbageResult,
  VerifyInput,
  VerifyResult,
} from '../contract.js';
import { aftermath, tending } from './activity-options.js';
import { failed, summaryFor, summaryOf } from './failures.js';
import { requireNoInput, requireVerifyInput } from './input.js';

const activities = proxyActivities<Activities>(tending);
const { tellUpkeep } = proxyActivities<Activities>(aftermath);

/** Of those that are named in a failure. */
const MAX_NAMES = 10;

/**
 * As `gc --apply`, by the settings of the worker. Any number may run at once. Fails with what a service that is away
 * throws; people are told.
 */
export async function collectGarbage(input: object = {}): Promise<GarbageResult> {
  requireNoInput(input);
  try {
    return await activities.collectGarbage({});
  } catch (error) {
    return tell('gc', error);
  }
}

/**
 * As `verify`: the current versions of all datasets, or of one; `deep` as `verify --deep`, with the caches of the hosts
 * that do it. Fails with VERIFY_FAILED when something is not as it
 * was published; the next import stores it again. People are told.
 */
export async function verifyPublished(input: VerifyInput = {}): Promise<VerifyResult> {
  requireVerifyInput(input);
  let sum: VerifyResult = { versions: 0, objects: 0, bytes: 0, problems: 0, broken: [] };
  try {
    let after: string | undefined;
    do {
      const some = await activities.verifyNext({ ...input, ...(after !== undefined && { after }) });
      sum = {
        versions: sum.versions + some.versions,
        objects: sum.objects + some.objects,
        bytes: sum.bytes + some.bytes,
        problems: sum.problems + some.problems,
        broken: [...sum.broken, ...some.broken].slice(0, MAX_NAMES),
        ...(some.deep && { deep: deepSum(sum.deep, some.deep) }),
      };
      after = some.next;
    } while (after !== undefined);
    if (sum.problems > 0) throw failed(verifyFailed(sum), sum);
    return sum;
  } catch (error) {
    return tell('verify', error);
  }
}

function deepSum(sum: DeepResult | undefined, some: DeepResult): DeepResult {
  if (!sum) return some;
  return {
    compared: sum.compared + some.compared,
    repaired: sum.repaired + some.repaired,
    skipped: sum.skipped + some.skipped,
    reasons: [...sum.reasons, ...some.reasons].slice(0, MAX_NAMES),
  };
}

async function tell(what: 'gc' | 'verify', error: unknown): Promise<never> {
  if (isCancellation(error)) throw error;
  const failure = summaryOf(error);
  await CancellationScope.nonCancellable(() => tellUpkeep({ what, failure })).catch(
    (untold: unknown) => {
      log.warn('People could not be told of it', { ...summaryOf(untold) });
    },
  );
  throw failed(failure);
}

function verifyFailed({ problems, broken }: VerifyResult): FailureSummary {
  const { message: summary, ...rest } = summaryFor('VERIFY_FAILED');
  const found = problems === 1 ? 'one problem' : `${problems} problems`;
  const message = `${summary}: ${broken.join(', ')}: found ${found}`;
  return { ...rest, message };
}
