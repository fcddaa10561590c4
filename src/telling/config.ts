/** Tells the catalog by which configuration this worker goes; and people when it is broken, or when workers differ. */
import type { AnnouncedWorker } from '../catalog/index.js';
import type { ConfigState } from '../config/last-good.js';
import type { Logger } from '../log.js';
import {
  alertForBrokenConfig,
  alertForDifferentConfigs,
  alertForMendedConfig,
} from '../notify/index.js';
import { regularly } from '../regularly.js';
import type { Resources } from '../resources.js';
import type { Telling } from './index.js';

/** Files reach one host after the other, and editors save what is half done: that passes by itself. */
const USUAL = { everyMs: 30_000, passesWithinMs: 5 * 60_000 };

/** Now and every half minute, if not told otherwise. The answer ends it, and resolves when nothing of it runs any more. */
export function announceConfigRegularly(
  resources: Pick<Resources, 'catalog' | 'loadConfig' | 'configState' | 'metrics'>,
  telling: Telling,
  identity: string,
  log: Logger,
  { everyMs, passesWithinMs } = USUAL,
): () => Promise<void> {
  const { catalog, loadConfig, configState, metrics } = resources;
  const problem = lastingState(passesWithinMs);
  const difference = lastingState(passesWithinMs);
  let broken: string | undefined;

  const announce = async (signal: AbortSignal): Promise<void> => {
    // Also when nothing is imported: a file that breaks by day is known before the night.
    const { digest } = await loadConfig();
    const state = configState();
    await catalog.workers.announce({
      ...{ identity, configDigest: digest },
      ...(state?.problem !== undefined && { configProblem: state.problem }),
    });
    await tellProblem(state, digest, signal);
    const byDigest = groupsOf(await catalog.workers.present());
    metrics?.configDiffers(byDigest.size > 1);
    const isDifferent = byDigest.size > 1;
    if (!difference.lasts(isDifferent ? [...byDigest.keys()].sort().join(' ') : undefined)) return;
    log.error({ digests: [...byDigest.keys()] }, 'workers go by different configuration files');
    await telling.tell({ alert: alertForDifferentConfigs(byDigest) }, signal);
  };
  const tellProblem = async (
    state: ConfigState | undefined,
    digest: string,
    signal: AbortSignal,
  ): Promise<void> => {
    const found = state?.problem;
    if (problem.lasts(found)) {
      broken = found!;
      await telling.tell({ alert: alertForBrokenConfig(broken, digest) }, signal);
    } else if (found === undefined && broken !== undefined) {
      const mended = broken;
      broken = undefined;
      await telling.tell({ alert: alertForMendedConfig(mended, digest) }, signal);
    }
  };
  const stop = regularly(everyMs, (signal) =>
    // A catalog that is away is told by the import that needs it.
    announce(signal).catch((error: unknown) =>
      log.debug({ error }, 'could not announce this worker'),
    ),
  );
  return async () => {
    await stop();
    await catalog.workers.withdraw(identity).catch(() => undefined);
  };
}

function groupsOf(workers: readonly AnnouncedWorker[]): ReadonlyMap<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { configDigest, identity } of workers) {
    groups.set(configDigest, [...(groups.get(configDigest) ?? []), identity]);
  }
  return groups;
}

/** True once for each state that is there for so long without a change. */
function lastingState(forMs: number) {
  let state: string | undefined;
  let since = 0;
  let isTold = false;
  return {
    lasts(now: string | undefined): boolean {
      if (now !== state) [state, since, isTold] = [now, Date.now(), false];
      if (state === undefined || isTold || Date.now() - since < forMs) return false;
      isTold = true;
      return true;
    },
  };
}
