/** Storing the files of a dataset that are no tables, on the host that has it. */
import type { FailedTables, KeptFiles } from '../contract.js';
import { failedOf, skippedFileOf } from '../convert/unpack/skipped-files.js';
import type { BytesWork } from '../pool/index.js';
import { readKept } from '../publication/kept-log.js';
import type { Resources } from '../resources.js';
import type { ImportPlan } from './prepare.js';
import { activity } from './step.js';
import { requireWorkFile, workDirectoryOf } from './work-directory.js';

export interface KeepRequest {
  readonly plan: ImportPlan;
  readonly cacheKey: string;
  readonly prefix: string;
  readonly force: boolean;
  /** So many files are to be kept. */
  readonly files: number;
}

export interface Kept extends KeptFiles {
  /** Those that could not be read, with `on_table_failure: publish_others`. */
  readonly failed?: FailedTables;
}

export function keepActivities(
  { cache, catalog, workRoot, requireOwnBucket }: Resources,
  work: Pick<BytesWork, 'keepFiles'>,
) {
  return {
    keepFiles: activity(
      async (
        { plan, cacheKey, prefix, force, files: total }: KeepRequest,
        { signal, report, workflowId, runId },
      ): Promise<Kept> => {
        const { entry, settings } = plan;
        const run = { workflowId, runId };
        const workDirectory = workDirectoryOf(workRoot, entry.name, runId);
        await requireWorkFile(skippedFileOf(workDirectory));
        const files = await cache.files(cacheKey);
        await requireOwnBucket(signal);
        await catalog.claimPrefix(prefix, entry.name, run, []);
        const kept = await work.keepFiles(
          { files, workDirectory, entry, limits: settings.limits, prefix, run, force },
          {
            signal,
            onProgress: ({ files: done, bytes }) =>
              report({
                ...{ doing: 'keeping', unit: 'bytes', done: bytes },
                ...{ name: `${done} of ${total} files`, percent: (100 * done) / total },
              }),
          },
        );
        const { failed } = await readKept(workDirectory, prefix);
        return { ...kept, ...failedOf(failed) };
      },
    ),
  };
}
