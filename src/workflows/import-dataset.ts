/** One dataset, from its configuration line to the committed catalog row. */
import {
  CancellationScope,
  CancelledFailure,
  isCancellation,
  log,
  patched,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { Download } from '../activities/download.js';
import type { Activities } from '../activities/index.js';
import type { Begun } from '../activities/short.js';
import type { ResolvedSource } from '../activities/prepare.js';
import type { ImportDatasetInput, ImportResult } from '../contract.js';
import {
  aftermath,
  MAX_HOSTS,
  MAX_PINS,
  patientQuestions,
  questions,
  records,
  sourceQuestions,
  upkeep,
} from './activity-options.js';
import { failed, isHostLost, isSourceChanged, summaryFor, summaryOf } from './failures.js';
import { requireImportDatasetInput, requireWorkflowIdOf } from './input.js';
import { pointerIsBehind, type HostStepsRequest, type HostWork } from '../host-steps.js';
import { importOnOneHost, type HostRequest } from './on-one-host.js';
import { trackProgress } from './progress.js';
import { batchOf, tellBatchOfWait } from './part-of-batch.js';
import { createPatience } from './wait.js';
import { concludeShortly, beginShortly, publishShortly } from './short-way.js';
import { foundResult, publishedResult, sumOf } from './published-result.js';

const ofOne = proxyActivities<Activities>(questions);
const ofBatch = proxyActivities<Activities>(patientQuestions);
const { checkAuth, resolveSource } = proxyActivities<Activities>(sourceQuestions);
const { recordOutcome, writePointer } = proxyActivities<Activities>(records);
const { notify, removeUnpublished } = proxyActivities<Activities>(aftermath);

const NOTHING_DONE = {
  ...{ tables: 0, carriedOver: 0, rows: 0, rejects: 0 },
  ...{ sourceBytes: 0, parquetBytes: 0, transferredBytes: 0, warnings: [] },
};

/**
 * Publishes the dataset's current version, or finds it published already; or holds it for a person, and ends.
 * Fails with an ApplicationFailure whose `type` is the error code; no failure leaves files on a host
 * or anything visible to readers. Can be started with nothing but `{"dataset": "<name>"}`, under the workflow
 * id `import:<name>`.
 */
export async function importDataset(input: ImportDatasetInput): Promise<ImportResult> {
  requireImportDatasetInput(input);
  const { dataset, force = false, authChecked = false } = input;
  const { startTime } = workflowInfo();
  requireWorkflowIdOf(dataset);
  const progress = trackProgress(dataset);
  const batch = batchOf();
  let leftByBatch = false;
  const patiently = createPatience(progress, batch !== undefined, async () => {
    leftByBatch = true;
    await tellBatchOfWait(dataset);
  });
  /** Clean-up of each host that has files of this import, by the host's queue. */
  const cleanUps = new Map<string, Activities['cleanUp']>();
  /** Where objects of this import may lie. */
  const prefixes = new Set<string>();
  /** Bytes that each host has fetched for this import, by its queue. */
  const transferred = new Map<string, number>();
  /** Of what has been published the short way. */
  let shortly: Pick<HostStepsRequest, 'plan' | 'download'> | undefined;

  let result: ImportResult = { ...NOTHING_DONE, dataset, outcome: 'failed', durationMs: 0 };
  const startedAt = startTime.toISOString();
  try {
    const begun = batch && (await beginShortly({ dataset, startedAt, force, ...batch }));
    result = { ...result, ...(await importPinned(begun ?? (await begin()))) };
  } catch (error) {
    const cancelled = isCancellation(error) || failedWhileCancelled();
    const failure = cancelled ? summaryFor('CANCELLED') : summaryOf(error);
    const transferredBytes = sumOf(transferred.values());
    const outcome = cancelled ? 'cancelled' : 'failed';
    await finish({ ...result, outcome, transferredBytes, failure });
    throw cancelled ? cancellationOf(error) : failed(failure);
  }
  // The version is current, or held: no cancellation takes that back.
  return finish(result);

  async function begin(): Promise<Begun> {
    const { recordStart, readEntry } = batch ? ofBatch : ofOne;
    await recordStart({ dataset, startedAt, ...batch });
    const plan = await readEntry({ dataset });
    if (!authChecked) {
      progress.enter('checking-credentials');
      await checkAuth({ entry: plan.entry });
    }
    return { plan };
  }

  /** One version of the source; the next one, when the source changes before its files are listed. */
  async function importPinned({ plan, ...begun }: Begun): Promise<Partial<ImportResult>> {
    const { max_wait_hours: hours, host_lost_after_minutes: minutes } = plan.settings;
    const onDownloaded = ({ hostQueue, prefix, cached }: Download): void => {
      const options = upkeep(hostQueue, minutes);
      cleanUps.set(hostQueue, proxyActivities<Activities>(options).cleanUp);
      prefixes.add(prefix);
      transferred.set(hostQueue, cached.transferredBytes);
    };
    let { resolved, download, refused } = begun;
    /** What was refused on the short way counts as the first attempt. */
    const afterRefusal = async <Result>(step: () => Promise<Result>): Promise<Result> => {
      const refusal = refused;
      refused = undefined;
      if (refusal) throw failed(refusal);
      return step();
    };
    for (let pins = 1; ; pins += 1) {
      if (!resolved) progress.enter('resolving');
      resolved ??= await patiently(hours, () => afterRefusal(() => resolveSource(plan)));
      const { pin, missing } = resolved;
      const { version } = pin;
      progress.add({ version });
      const found = foundResult(resolved, force, prefixes);
      if (found) return { transferredBytes: sumOf(transferred.values()), ...found };
      resolved = undefined;
      const lost = missing ? [lostObjects(missing)] : [];
      const request: HostRequest = { plan, pin, force, progress, onDownloaded };
      try {
        const short = download && (await importShortly(request, download));
        // What it has committed before it failed is found where it is asked for.
        const isToBeAsked = download && !short;
        download = undefined;
        if (isToBeAsked) continue;
        const work =
          short ?? (await patiently(hours, () => afterRefusal(() => importOnAnyHost(request))));
        const published = publishedResult(work);
        const transferredBytes = sumOf(transferred.values());
        return {
          ...{ ...published, version, transferredBytes },
          warnings: [...lost, ...published.warnings],
        };
      } catch (error) {
        if (!isSourceChanged(error) || pins === MAX_PINS) throw error;
        log.warn('The source has changed since its version was asked for; asking again', { pins });
      }
    }
  }

  async function cleanUpEverywhere(): Promise<void> {
    for (const cleanUp of cleanUps.values()) await attempt('clean-up', cleanUp({ dataset }));
  }

  async function importShortly(request: HostRequest, download: Download) {
    request.onDownloaded(download);
    progress.enter('converting', { bytes: download.cached.bytes });
    const { plan, pin } = request;
    const work = await publishShortly({ plan, pin, force, download });
    if (work) shortly = { plan, download };
    return work;
  }

  /** Runs to its end even when the import is cancelled meanwhile. None of it can fail the import. */
  async function finish(outcome: ImportResult): Promise<ImportResult> {
    return CancellationScope.nonCancellable(async () => {
      const warnings = [...outcome.warnings];
      const point = async (): Promise<void> => {
        // Also at a version published before: a killed import may have left an older pointer.
        if (outcome.prefix === undefined) return;
        const problem = await attempt('pointer', writePointer({ dataset }));
        if (problem) warnings.push(pointerIsBehind(problem));
      };
      if (!shortly) await point();
      progress.enter('cleaning-up');
      for (const prefix of prefixes) {
        if (prefix === outcome.prefix) continue;
        await attempt('removal of stored objects', removeUnpublished({ prefix }));
      }
      if (!shortly) await cleanUpEverywhere();
      const ended = Date.now();
      const final = { ...outcome, warnings, durationMs: ended - startTime.getTime() };
      progress.finish(final);
      const { stageMs } = progress;
      const endedAt = new Date(ended).toISOString();
      const record = { result: final, stageMs, startedAt, endedAt, ...batch };
      const concluded = shortly && (await concludeShortly(shortly, record));
      if (shortly && !concluded) {
        await point();
        await cleanUpEverywhere();
      }
      if (concluded) warnings.push(...concluded);
      else await attempt('record', recordOutcome(record));
      // A batch tells people once, of all its failures but those of imports that it has gone on without.
      const isNews = final.outcome === 'failed' && (!batch || leftByBatch);
      // Of a version that was held before this run, people have been told.
      const isHeldAnew = final.outcome === 'held' && prefixes.size > 0;
      const isPartial = final.outcome === 'published' && final.failed !== undefined && !batch;
      if (isNews || isHeldAnew || isPartial) await attempt('notification', notify(final));
      return final;
    });
  }
}

/** A step whose worker is dead cannot say that it was cancelled: it times out. */
function failedWhileCancelled(): boolean {
  return CancellationScope.current().consideredCancelled && patched('cancelled-without-worker');
}

/** Of a step that failed otherwise just then, too: Temporal says of this run what its row says. */
function cancellationOf(error: unknown): unknown {
  if (isCancellation(error) || !patched('cancelled-ends-cancelled')) return error;
  return new CancelledFailure('The import was cancelled', [], error as Error);
}

function lostObjects({ objects, first }: NonNullable<ResolvedSource['missing']>): string {
  const what = objects === 1 ? first : `${objects} objects, such as ${first}`;
  const text = `The current version lacked ${what}; what was gone has been imported again`;
  log.warn(text);
  return text;
}

/** Starts over from the download when a host is lost with its files; a bounded number of times. */
async function importOnAnyHost(request: HostRequest): Promise<HostWork> {
  for (let host = 1; ; host += 1) {
    try {
      return await importOnOneHost(request);
    } catch (error) {
      if (!isHostLost(error) || host === MAX_HOSTS) throw error;
      log.warn('The host of this import is gone; starting over from the download', { host });
    }
  }
}

/** Gives what went wrong, which never changes the outcome. */
async function attempt(what: string, work: Promise<void>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    const summary = summaryOf(error);
    log.warn(`The ${what} failed; the outcome of the import stands`, { ...summary });
    return `${summary.code}: ${summary.message}`;
  }
}
