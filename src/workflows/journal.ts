/** What the log tells of imports and batches, each line once: not when a workflow is replayed. */
import { log } from '@temporalio/workflow';
import type { ImportResult, Outcome, Stage } from '../contract.js';

/** More names than this make a line unreadable; `make status` has them all. */
const MAX_NAMES = 20;

export interface Journal {
  started(): void;
  stageEnded(stage: Stage, spentMs: number): void;
  waits(reason: string): void;
  ended(result: ImportResult): void;
}

export function createJournal(dataset: string): Journal {
  return {
    started: () => log.info('import started', { dataset }),
    stageEnded: (stage, spentMs) =>
      log.info('stage ended', { dataset, stage, seconds: seconds(spentMs) }),
    waits: (waitingFor) => log.warn('import waits', { dataset, waitingFor }),
    ended(result) {
      const line = { dataset, seconds: seconds(result.durationMs), ...factsOf(result) };
      if (result.outcome === 'failed') log.error('import failed', line);
      else log.info(`import ${result.outcome}`, line);
    },
  };
}

function factsOf(result: ImportResult): Record<string, unknown> {
  const { outcome, failure, version, tables, rows, rejects, warnings } = result;
  if (failure) {
    const { code, message: reason, nextStep } = failure;
    return { code, reason, nextStep };
  }
  if (outcome !== 'published') return { version, tables, rows };
  const { sourceBytes, parquetBytes, transferredBytes, carriedOver, cacheHit, prefix } = result;
  return {
    ...{ version, prefix, tables, carriedOver, rows, rejects, warnings: warnings.length },
    ...{ sourceBytes, parquetBytes, transferredBytes },
    ...(parquetBytes > 0 && { ratio: Math.round((10 * sourceBytes) / parquetBytes) / 10 }),
    cache: cacheHit ? 'hit' : 'miss',
  };
}

/** The one line at the end of a batch, with who failed. */
export function logBatch(imports: readonly ImportResult[], total: number): void {
  const count = (outcome: Outcome): number =>
    imports.filter((result) => result.outcome === outcome).length;
  const named = imports
    .filter(({ outcome }) => outcome === 'failed' || outcome === 'cancelled')
    .map(({ dataset }) => dataset);
  const [published, upToDate, failed] = [count('published'), count('up-to-date'), count('failed')];
  const sum = `${total} datasets: ${published} published, ${upToDate} up-to-date, ${failed} failed`;
  const line = {
    ...{ datasets: total, published, upToDate, failed },
    ...{ cancelled: count('cancelled'), alreadyRunning: count('already-running') },
    notReached: total - imports.length,
    ...(named.length > 0 && { unsuccessful: named.slice(0, MAX_NAMES) }),
  };
  if (named.length > 0) log.error(`batch ended; ${sum}`, line);
  else log.info(`batch ended; ${sum}`, line);
}

function seconds(spentMs: number): number {
  return Math.round(spentMs / 100) / 10;
}
