/** What keeps the published in order while nobody looks: old versions go, and what is stored is read again. */
import { rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DeepResult, GarbageResult, VerifyResult } from '../contract.js';
import { ImportError } from '../errors/index.js';
import { alertForUpkeep, type UpkeepTrouble } from '../notify/index.js';
import type { BytesWork } from '../pool/index.js';
import { collectGarbage, gcSettings } from '../publication/gc.js';
import type { DeeplyVerified } from '../publication/verify-deep.js';
import type { Resources } from '../resources.js';
import type { Telling } from '../telling/index.js';
import { activity, type StepContext } from './step.js';
import { workDirectoryOf } from './work-directory.js';

export interface VerifyNextRequest {
  /** Only this one. */
  readonly dataset?: string;
  readonly deep?: boolean;
  /** The name behind which it goes on; from the first one when absent. */
  readonly after?: string;
}

export interface VerifiedSome extends VerifyResult {
  /** To go on behind; absent when all were verified. */
  readonly next?: string;
}

/** Of what could not be compared, so many are named. */
const MAX_REASONS = 10;

/** One activity reads so many versions: what a killed worker has read is read again. */
const VERSIONS_AT_A_TIME = 10;

export function upkeepActivities(
  resources: Resources,
  telling: Telling,
  work: Pick<BytesWork, 'verify'>,
) {
  const { catalog, store, loadConfig, requireOwnBucket, metrics, workRoot } = resources;
  return {
    collectGarbage: activity(async (_input: object, { signal }): Promise<GarbageResult> => {
      await requireOwnBucket(signal);
      const { settings } = await loadConfig();
      const place = { catalog, store, iceberg: settings.iceberg };
      const { versions, orphans } = await collectGarbage(place, gcSettings(settings), signal);
      const objects = [...versions.flatMap((version) => version.objects), ...orphans];
      metrics?.garbage(versions.length, objects.length);
      const bytes = objects.reduce((sum, object) => sum + object.bytes, 0);
      return { versions: versions.length, objects: objects.length, bytes };
    }),

    /** In a process of its own, one version after the other. */
    verifyNext: activity(
      async (
        { dataset, after, deep = false }: VerifyNextRequest,
        context,
      ): Promise<VerifiedSome> => {
        await requireOwnBucket(context.signal);
        const names = dataset === undefined ? await publishedBehind(after) : [dataset];
        const page = names.slice(0, VERSIONS_AT_A_TIME);
        const total = { versions: 0, objects: 0, bytes: 0, problems: 0 };
        const broken: string[] = [];
        const looks: DeeplyVerified[] = [];
        for (const name of page) {
          const found = await verified(name, deep, context);
          total.versions += 1;
          total.objects += found.objects;
          total.bytes += found.bytes;
          total.problems += found.problems.length;
          if (found.problems.length > 0) broken.push(name);
          metrics?.verified(found.problems.length);
          if (isDeep(found)) looks.push(found);
        }
        const next = names.length > page.length ? page.at(-1) : undefined;
        return {
          ...{ ...total, broken },
          ...(next !== undefined && { next }),
          ...(deep && { deep: sumOf(looks) }),
        };
      },
    ),

    /** People, of what has gone wrong. */
    tellUpkeep: activity(async (trouble: UpkeepTrouble, { signal, runId }): Promise<void> => {
      await telling.tell({ alert: alertForUpkeep(trouble, runId) }, signal);
    }),
  };

  /** By name; a dataset that is published later is the next one's. */
  async function publishedBehind(after = ''): Promise<string[]> {
    return (await catalog.listDatasets())
      .filter(({ dataset, sourceVersion }) => sourceVersion !== undefined && dataset > after)
      .map(({ dataset }) => dataset)
      .sort();
  }

  /** One version that cannot be verified at all keeps none of the others from it. */
  async function verified(dataset: string, deep: boolean, { signal, runId }: StepContext) {
    const { settings, datasets } = await loadConfig();
    const directory = workDirectoryOf(workRoot, dataset, runId);
    const input = {
      ...{ dataset, settings, deep, runId, directory },
      entry: datasets.get(dataset),
    };
    try {
      return await work.verify(input, { signal, onProgress: () => undefined });
    } catch (error) {
      if (!(error instanceof ImportError) || error.retryable) throw error;
      return { objects: 0, bytes: 0, problems: [error] };
    } finally {
      // Of a process that has ended at once.
      await rm(directory, { recursive: true, force: true, maxRetries: 3 });
      await rmdir(dirname(directory)).catch(() => undefined);
    }
  }

  function isDeep(found: object): found is DeeplyVerified {
    return 'compared' in found;
  }

  function sumOf(looks: readonly DeeplyVerified[]): DeepResult {
    const skipped = looks.flatMap((look) =>
      look.skipped.map(({ table, reason }) => {
        const name = table === undefined ? look.dataset : `${look.dataset}.${table}`;
        return `${name}: ${reason}`;
      }),
    );
    const compared = looks.reduce((sum, look) => sum + look.compared.length, 0);
    const repaired = looks.reduce((sum, look) => sum + look.repaired.length, 0);
    metrics?.deeplyVerified(compared, repaired);
    return {
      ...{ compared, repaired, skipped: skipped.length },
      reasons: skipped.slice(0, MAX_REASONS),
    };
  }
}
