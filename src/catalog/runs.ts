/** The fence of a dataset: of its runs, only the latest one makes a version current. */
import type { PoolClient } from 'pg';
import { ImportError } from '../errors/index.js';
import type { Database } from './database.js';
import { storableJson, storableText } from './json.js';
import { FINISH_IMPORT, START_IMPORT } from './statements/imports.js';
import { GIVE_FENCE, LOCK_FENCE, LOCK_RUN } from './statements/runs.js';
import type { ImportEnd, ImportStart, RunId } from './types.js';

/**
 * Records the start, and makes the run the latest of its dataset: whatever ran before can publish no more.
 * Again without effect, however much later.
 */
export async function startImport(database: Database, start: ImportStart): Promise<void> {
  const { workflowId, runId, dataset, startedAt, namespaceId, batchId } = start;
  await database.transaction(async (client) => {
    await lockFence(client, dataset);
    const values = [workflowId, runId, dataset, startedAt, namespaceId ?? null, batchId ?? null];
    await client.query(START_IMPORT, values);
    const run = await lockRun(client, start);
    if (run?.fence === null && !run.ended) await giveFence(client, dataset, start);
  });
}

/** Again without effect. Also of a run whose start could not be recorded. */
export async function finishImport(database: Database, end: ImportEnd): Promise<void> {
  await database.query(FINISH_IMPORT, [
    end.workflowId,
    end.runId,
    end.dataset,
    end.startedAt,
    end.namespaceId ?? null,
    end.endedAt,
    end.outcome,
    storableJson(end.stageMs),
    end.sourceBytes,
    end.parquetBytes,
    end.transferredBytes,
    end.rows,
    end.tables,
    end.cacheHit ?? null,
    end.prefix ?? null,
    end.errorCode ?? null,
    end.errorMessage === undefined ? null : storableText(end.errorMessage),
    ...[end.batchId ?? null, end.carriedOver ?? null, end.rejects ?? null],
    storableJson(end.warnings ?? []),
    end.nextStep ?? null,
    end.failed === undefined ? null : storableJson(end.failed),
    end.skipped === undefined ? null : storableText(end.skipped),
    end.kept === undefined ? null : storableJson(end.kept),
  ]);
}

/** To be held before any other lock of a publisher, so that two of them never wait for each other. */
export async function lockFence(client: PoolClient, dataset: string): Promise<number> {
  const { rows } = await client.query<{ fence: number }>(LOCK_FENCE, [dataset]);
  return rows[0]!.fence;
}

/**
 * With the fence locked, and until the end of the transaction. A run that a worker of the version before has
 * started has no number yet: it takes the next one. Throws IMPORT_SUPERSEDED.
 */
export async function requireLatest(
  client: PoolClient,
  dataset: string,
  fence: number,
  { workflowId, runId }: RunId,
): Promise<void> {
  const run = await lockRun(client, { workflowId, runId });
  const superseded = (found: string): ImportError =>
    new ImportError('IMPORT_SUPERSEDED', { place: `${workflowId}, run ${runId}`, found });
  if (!run) throw superseded('a run whose start is not recorded');
  if (run.ended) throw superseded('a run whose end is recorded');
  if (run.fence === null) return giveFence(client, dataset, { workflowId, runId });
  if (run.fence < fence) throw superseded(`run ${run.fence} of the dataset; it is at ${fence}`);
}

async function lockRun(client: PoolClient, { workflowId, runId }: RunId) {
  const values = [workflowId, runId];
  const { rows } = await client.query<{ fence: number | null; ended: boolean }>(LOCK_RUN, values);
  return rows[0];
}

async function giveFence(client: PoolClient, dataset: string, { workflowId, runId }: RunId) {
  await client.query(GIVE_FENCE, [dataset, workflowId, runId]);
}
