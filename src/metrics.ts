/** What sources, cache and catalog count, in the Prometheus endpoint that the worker has for Temporal's own numbers. */
import type { MetricMeter } from '@temporalio/common';
import type { CacheUse } from './cache/types.js';
import type { ConfigState } from './config/last-good.js';
import type { BatchCounts } from './contract.js';
import type { SentRequest } from './source/options.js';

export interface Metrics {
  readonly request: (sent: SentRequest) => void;
  readonly cacheUse: (use: CacheUse) => void;
  readonly config: (state: ConfigState) => void;
  readonly eventLoopDelay: (seconds: number) => void;
  readonly configDiffers: (differs: boolean) => void;
  readonly batchEnded: (outcome: string, counts: BatchCounts) => void;
  /** Tables that versions were published without. */
  readonly tablesFailed: (tables: number) => void;
  /** A version that was read again, and what is wrong with it. */
  readonly verified: (problems: number) => void;
  /** Tables that were converted again and found the same, and objects that were put back. */
  readonly deeplyVerified: (tables: number, repaired: number) => void;
  /** What `gc` has removed. */
  readonly garbage: (versions: number, objects: number) => void;
  /** Versions that wait for a person, of all datasets. */
  readonly held: (versions: number) => void;
  /** Messages that receivers do not take. */
  readonly undelivered: (messages: number) => void;
}

/** @param startsPerSecond - the budget that all workers share; its use is the rate of the requests */
export function createMetrics(meter: MetricMeter, startsPerSecond: number): Metrics {
  const counter = (name: string, description: string) =>
    meter.createCounter(`kaggle_import_${name}_total`, '', description);
  const requests = counter('source_requests', 'Requests sent to sources, redirects included');
  const uses = counter('cache_uses', 'Downloads asked of the cache: hits, misses');
  const saved = counter('cache_saved_bytes', 'Bytes that were here already, and not transferred');
  const downloaded = counter(
    'downloaded_bytes',
    'Bytes of finished downloads that crossed the network',
  );
  meter
    .createGauge(
      'kaggle_import_source_starts_per_second_limit',
      'float',
      '',
      'Questions and downloads that all workers together may start in a second',
    )
    .set(startsPerSecond);
  const configBroken = meter.createGauge(
    'kaggle_import_config_broken',
    'int',
    '',
    '1 while the configuration files cannot be used and the last good ones are in force',
  );
  const configDiffers = meter.createGauge(
    'kaggle_import_config_differs',
    'int',
    '',
    '1 while workers go by different configuration files',
  );
  const batches = counter(
    'batches',
    'Batches that have ended: finished, failed as a whole, cancelled',
  );
  const datasets = counter('batch_datasets', 'Datasets of batches that have ended, by outcome');
  const eventLoopDelay = meter.createGauge(
    'kaggle_import_event_loop_delay_seconds',
    'float',
    '',
    'The longest that anything waited for the thread of the worker in the last ten seconds',
  );
  const held = meter.createGauge(
    'kaggle_import_held_versions',
    'int',
    '',
    'Versions that wait for a person to approve or reject them; asked of the catalog every ten minutes',
  );
  const undelivered = meter.createGauge(
    'kaggle_import_undelivered_messages',
    'int',
    '',
    'Messages that a receiver has not taken; asked of the catalog every ten minutes',
  );
  const failedTables = counter(
    'failed_tables',
    'Tables that have failed while the others of their dataset were published',
  );
  // Seen before the first one fails, too: a rate needs a beginning.
  failedTables.add(0);
  const verifiedVersions = counter(
    'verified_versions',
    'Published versions of which every object was read again and compared with the catalog',
  );
  const verifyProblems = counter(
    'verify_problems',
    'What such a reading found to be other than it was published',
  );
  const deepTables = counter(
    'verify_compared_tables',
    'Tables whose source was converted again, and is cell by cell what is stored',
  );
  const repairedObjects = counter(
    'verify_repaired_objects',
    'Damaged objects that were put back byte by byte',
  );
  const removedVersions = counter('gc_versions', 'Old versions that gc has removed');
  const removedObjects = counter('gc_objects', 'Objects that gc has removed');
  return {
    tablesFailed: (tables) => failedTables.add(tables),
    verified(problems) {
      verifiedVersions.add(1);
      verifyProblems.add(problems);
    },
    deeplyVerified(tables, repaired) {
      deepTables.add(tables);
      repairedObjects.add(repaired);
    },
    garbage(versions, objects) {
      removedVersions.add(versions);
      removedObjects.add(objects);
    },
    eventLoopDelay: (seconds) => eventLoopDelay.set(seconds),
    held: (versions) => held.set(versions),
    undelivered: (messages) => undelivered.set(messages),
    configDiffers: (differs) => configDiffers.set(differs ? 1 : 0),
    batchEnded(outcome, counts) {
      batches.add(1, { outcome });
      for (const [of, count] of Object.entries(counts)) datasets.add(count, { outcome: of });
    },
    config: ({ problem }) => configBroken.set(problem === undefined ? 0 : 1),
    request: ({ host, outcome }) => requests.add(1, { host, outcome }),
    cacheUse: ({ kind, outcome, savedBytes, transferredBytes }) => {
      uses.add(1, { source: kind, outcome });
      saved.add(savedBytes, { source: kind });
      downloaded.add(transferredBytes, { source: kind });
    },
  };
}
