/** `status`: what runs and what it waits for, how each dataset stands, the next run, the cache. */
import type { AnnouncedWorker, DatasetSummary, Undelivered } from '../catalog/index.js';
import type { DatasetsConfig } from '../config/datasets.js';
import { configFile, type Environment } from '../config/environment.js';
import { loadDatasetsConfig } from '../config/load.js';
import { openSources } from '../open-sources.js';
import { cacheOf } from '../open-cache.js';
import { withClient } from '../temporal/connection.js';
import { asked, throwFailures, withCatalog } from './asked.js';
import { commandEnvironment, type CommandContext } from './context.js';
import { prose } from './fit.js';
import { history } from './history.js';
import { plainly, whatRuns } from './running.js';
import {
  lastBatch,
  lastBatchText,
  undeliveredText,
  workersText,
  type LastBatch,
} from './status-batch.js';
import { cacheText, plannedText, runningText, standingsText } from './status-text.js';
import { endsUntidied, noteUntidied, tidyUp, type Ends } from './tidy-up.js';

/** A dataset of the configuration, or one that the catalog still knows. */
export type Standing = DatasetSummary & { readonly configured: boolean };

interface Known {
  readonly datasets: readonly DatasetSummary[];
  readonly last: LastBatch | undefined;
  readonly workers: readonly AnnouncedWorker[];
  readonly undelivered: readonly Undelivered[];
}

/** Of one dataset: its history. Shows what can be known; throws behind it what a service that is away threw. */
export async function status(dataset: string | undefined, context: CommandContext): Promise<void> {
  if (dataset !== undefined) return history(dataset, context);
  const { result, width, note } = context;
  const environment = await commandEnvironment();
  const config = await loadDatasetsConfig(configFile(environment));
  const tidied = await tidyUp(environment, context.signal);
  const ends = await endsUntidied(environment, tidied, context.signal);
  const [catalog, temporal, cache] = await Promise.all([
    asked(() =>
      withCatalog(environment, async (known): Promise<Known> => ({
        datasets: (await known.listDatasets()).map((summary) => withEnd(summary, ends)),
        last: await lastBatch(known),
        workers: await known.workers.present(),
        undelivered: await known.messages.undelivered(),
      })),
    ),
    asked(() => withClient(environment, (client) => whatRuns(client))),
    cacheStatus(environment, config),
  ]);
  const running = temporal.answer;
  const standings = standingsOf(config, catalog.answer?.datasets ?? []);
  const parts = [
    ...(running ? runningText(running, width) : []),
    ...(catalog.answer ? standingsText(standings, width) : []),
    ...(catalog.answer ? lastText(catalog.answer, width) : []),
    ...(running ? [prose(plannedText(running.schedules), width)] : []),
    prose(cacheText(cache), width),
  ];
  const { last, workers, undelivered } = catalog.answer ?? {};
  const data = {
    ...plainly(running),
    ...(last && { lastBatch: last }),
    ...(workers && { workers }),
    ...(undelivered && { undelivered }),
    datasets: standings,
    cache,
  };
  result(data, parts.join('\n\n'));
  noteUntidied(tidied, note);
  throwFailures([temporal.failure, catalog.failure], note);
}

function withEnd(summary: DatasetSummary, ends: Ends): DatasetSummary {
  const end = ends.get(summary.lastRunId ?? '');
  if (!end) return summary;
  const { outcome, endedAt, errorCode } = end;
  const code = errorCode === undefined ? {} : { lastErrorCode: errorCode };
  return { ...summary, lastOutcome: outcome, lastEndedAt: endedAt, ...code };
}

function lastText({ last, workers, undelivered }: Known, width: number | undefined): string[] {
  const lines = [...lastBatchText(last), ...undeliveredText(undelivered), ...workersText(workers)];
  return lines.length === 0 ? [] : [prose(lines.join('\n'), width)];
}

/** In the order of the configuration; behind it what is not configured any more. */
function standingsOf({ datasets }: DatasetsConfig, known: readonly DatasetSummary[]): Standing[] {
  const byName = new Map(known.map((summary) => [summary.dataset, summary]));
  const others = known.map(({ dataset }) => dataset).filter((name) => !datasets.has(name));
  return [...datasets.keys(), ...others].map((dataset) => ({
    ...(byName.get(dataset) ?? { dataset }),
    configured: datasets.has(dataset),
  }));
}

async function cacheStatus(environment: Environment, { settings }: DatasetsConfig) {
  const sources = openSources(environment, settings.allow_private_addresses);
  try {
    return await cacheOf(environment, settings, sources).status();
  } finally {
    await sources.close();
  }
}
