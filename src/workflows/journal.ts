/** What the log tells of imports and batches, each line once: not when a workflow is replayed. */
import { log } from '@temporalio/workflow';
import type { FailureSummary, ImportResult, Stage } from '../contract.js';
import type { Tally } from './tally.js';

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
  if (outcome !== 'published' && outcome !== 'held') return { version, tables, rows };
  const { sourceBytes, parquetBytes, transferredBytes, carriedOver, cacheHit, prefix } = result;
  return {
    ...{ version, prefix, tables, carriedOver, rows, rejects, warnings: warnings.length },
    ...{ sourceBytes, parquetBytes, transferredBytes },
    ...(result.failed && { failedTables: result.failed.count }),
    ...(parquetBytes > 0 && { ratio: Math.round((10 * sourceBytes) / parquetBytes) / 10 }),
    cache: cacheHit ? 'hit' : 'miss',
  };
}

/** The one line at the end of a batch; who failed, and why, is in the lines before and in the catalog. */
export function logBatch(
  outcome: string,
  { batchId, counts, total }: Pick<Tally, 'batchId' | 'counts' | 'total'>,
  failure?: FailureSummary,
): void {
  const { published = 0, 'up-to-date': upToDate = 0, failed = 0, waiting = 0 } = counts;
  const { held = 0 } = counts;
  const { cancelled = 0, 'already-running': alreadyRunning = 0 } = counts;
  const reached = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const line = {
    ...{ batchId, outcome, datasets: total, published, held, upToDate, failed, waiting },
    ...{ cancelled, alreadyRunning, notReached: total - reached },
    ...(failure && { code: failure.code, reason: failure.message }),
  };
  const heldText = held > 0 ? `, ${held} held` : '';
  const sum = `${total} datasets: ${published} published, ${upToDate} up-to-date, ${failed} failed${heldText}`;
  if (outcome !== 'finished' || failed > 0) log.error(`batch ended; ${sum}`, line);
  else log.info(`batch ended; ${sum}`, line);
}

function seconds(spentMs: number): number {
  return Math.round(spentMs / 100) / 10;
}
