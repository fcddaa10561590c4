/** `status <dataset>`: how it stands now, and how its imports went, newest first. */
import type { ImportRecord } from '../catalog/index.js';
import { configFile } from '../config/environment.js';
import { findDataset, loadDatasetsConfig } from '../config/load.js';
import { humanAge, humanBytes } from '../human.js';
import { withClient } from '../temporal/connection.js';
import { asked, throwFailures, withCatalog } from './asked.js';
import { commandEnvironment, type CommandContext } from './context.js';
import { prose } from './fit.js';
import { plainly, whatRuns } from './running.js';
import { runningText } from './status-text.js';
import { textTable, type Column } from './text-table.js';
import { endsUntidied, noteUntidied, tidyUp } from './tidy-up.js';

const MAX_RUNS = 50;
const HISTORY: readonly Column[] = [
  { head: 'started (UTC)' },
  { head: 'age', drop: 3 },
  { head: 'outcome' },
  { head: 'seconds' },
  { head: 'tables', drop: 2 },
  { head: 'rows' },
  { head: 'source', drop: 5 },
  { head: 'Parquet' },
  { head: 'transferred', drop: 1 },
  { head: 'cache', drop: 4 },
  { head: 'error' },
];

/** Throws DATASET_UNKNOWN; shows what can be known, and throws behind it what a service that is away threw. */
export async function history(dataset: string, context: CommandContext): Promise<void> {
  const { result, width, note } = context;
  const environment = await commandEnvironment();
  const config = await loadDatasetsConfig(configFile(environment));
  const tidied = await tidyUp(environment, context.signal);
  const ends = await endsUntidied(environment, tidied, context.signal);
  const [catalog, temporal] = await Promise.all([
    asked(() =>
      withCatalog(environment, async (known) => ({
        published: await known.findPublication(dataset),
        imports: (await known.importsOf(dataset, MAX_RUNS)).map((run) => ({
          ...run,
          ...ends.get(run.runId),
        })),
      })),
    ),
    asked(() => withClient(environment, (client) => whatRuns(client, dataset))),
  ]);
  // One that is not configured any more still has a past.
  if (!catalog.answer?.imports.length) findDataset(config, dataset);
  const running = temporal.answer;
  const { published, imports = [] } = catalog.answer ?? {};
  const last = imports.find(({ errorMessage }) => errorMessage !== undefined);
  const parts = [
    ...(running ? runningText(running, width) : []),
    ...(catalog.answer ? [prose(publishedText(dataset, published), width)] : []),
    ...(imports.length > 0 ? [textTable(HISTORY, imports.map(rowOf), width)] : []),
    ...(last ? [prose(`The last failure: ${last.errorCode}: ${last.errorMessage}`, width)] : []),
  ];
  result({ dataset, ...plainly(running), published, imports }, parts.join('\n\n'));
  noteUntidied(tidied, note);
  throwFailures([temporal.failure, catalog.failure], note);
}

function publishedText(
  dataset: string,
  published: { sourceVersion: string; publishedAt: string; prefix: string } | undefined,
): string {
  if (!published) return `${dataset}: nothing is published.`;
  const { sourceVersion, publishedAt, prefix } = published;
  return `${dataset}: version ${sourceVersion} is published since ${humanAge(publishedAt)}, at ${prefix}.`;
}

function rowOf(run: ImportRecord): (string | number | undefined)[] {
  const bytes = (count: number | undefined): string | undefined =>
    count ? humanBytes(count) : undefined;
  return [
    run.startedAt.slice(0, 19).replace('T', ' '),
    humanAge(run.startedAt),
    run.outcome,
    run.durationMs === undefined ? undefined : (run.durationMs / 1000).toFixed(1),
    run.tables,
    run.rows,
    bytes(run.sourceBytes),
    bytes(run.parquetBytes),
    bytes(run.transferredBytes),
    run.cacheHit === undefined ? undefined : run.cacheHit ? 'hit' : 'miss',
    run.errorCode,
  ];
}
