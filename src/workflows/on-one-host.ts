/** From the download to the publication: everything that needs the files, so everything on one host. */
import { log, patched, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { Download } from '../activities/download.js';
import type { ImportPlan } from '../activities/prepare.js';
import { workOnHost, type HostSteps, type HostWork } from '../host-steps.js';
import type { PinnedSource } from '../source/types.js';
import { download, onHost, storing, upkeep } from './activity-options.js';
import { isTableFailure, isUntaken, summaryOf } from './failures.js';
import type { ProgressTracker } from './progress.js';

const { downloadToCache } = proxyActivities<Activities>(download);

export interface HostRequest {
  readonly plan: ImportPlan;
  readonly pin: PinnedSource;
  readonly force: boolean;
  readonly progress: ProgressTracker;
  /** Called as soon as a host has files of this import, so that they can be removed whatever happens. */
  readonly onDownloaded: (download: Download) => void;
}

export async function importOnOneHost(request: HostRequest): Promise<HostWork> {
  const { plan, pin, force, progress } = request;
  progress.enter('downloading');
  const downloaded = await downloadToCache({ plan, pin, force });
  const { hostQueue } = downloaded;
  request.onDownloaded(downloaded);
  const { host_lost_after_minutes: minutes } = plan.settings;
  const { unpack, convertTable } = proxyActivities<Activities>(onHost(hostQueue, minutes));
  const { storeTable, publish, keepFiles } = proxyActivities<Activities>(
    storing(hostQueue, minutes),
  );
  const { answer } = proxyActivities<Activities>(upkeep(hostQueue, minutes));

  /** A busy host takes the task later; one that does not even answer is gone, and the answer's failure says so. */
  async function there<Result>(step: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await step();
      } catch (error) {
        if (!isUntaken(error)) throw error;
        await answer({});
      }
    }
  }

  const steps: HostSteps = {
    unpack: (input) => there(() => unpack(input)),
    convertTable: (input) => there(() => convertTable(input)),
    storeTable: (input) => there(() => storeTable(input)),
    keepFiles: (input) => there(() => keepFiles(input)),
    publish: (input) => there(() => publish(input)),
  };
  progress.enter('unpacking', { bytes: downloaded.cached.bytes });
  return workOnHost(
    steps,
    { plan, pin, force, download: downloaded },
    {
      onUnpacked: (tables, bytes) => progress.enter('converting', { tables, bytes }),
      onConverted({ name, rows: converted }) {
        progress.rest(name);
        const { tablesConverted, rows } = progress.current;
        progress.add({ tablesConverted: tablesConverted + 1, rows: rows + converted });
      },
      onStored(name) {
        progress.rest(name);
        progress.add({ tablesStored: progress.current.tablesStored + 1 });
      },
      onPublishing: () => progress.enter('publishing'),
      failureOf(name, error) {
        if (!isPublishedWithout(plan, error)) return undefined;
        log.warn('A table has failed; the others are published', { table: name });
        progress.rest(name);
        return summaryOf(error);
      },
      keepsFiles: () => patched('files-are-kept'),
    },
  );
}

/** Whether the version is published without the table that has failed. */
function isPublishedWithout({ entry }: ImportPlan, error: unknown): boolean {
  const isAsked = entry.on_table_failure === 'publish_others';
  // Imports that a worker of the version before has ended with it go on to their end.
  return isAsked && isTableFailure(error) && patched('others-are-published');
}
