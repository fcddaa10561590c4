/** The words and tables of `status`. */
import type { DatasetSummary } from '../catalog/index.js';
import { IMPORT_ALL_WORKFLOW_ID } from '../contract.js';
import { humanAge, humanBytes, humanCount, inUtc } from '../human.js';
import { stageOf, viewOf } from '../progress-view.js';
import { batchSums } from './batch-sums.js';
import { prose } from './fit.js';
import type { Sight } from './look.js';
import { batchName, type BatchSight } from './running-batches.js';
import type { Planned, Running } from './running.js';
import type { Standing } from './status.js';
import { textTable, type Column } from './text-table.js';
import { troubleText } from './trouble.js';

const RUNNING: readonly Column[] = [
  { head: 'dataset', wraps: true },
  { head: 'stage' },
  { head: 'done' },
  { head: 'amount' },
  { head: 'rate', drop: 1 },
  { head: 'left' },
  { head: 'tables', drop: 2 },
  { head: 'in stage', drop: 3 },
];
const STANDINGS: readonly Column[] = [
  { head: 'dataset', wraps: true },
  { head: 'last outcome' },
  { head: 'age' },
  { head: 'seconds', drop: 2 },
  { head: 'tables', drop: 1 },
  { head: 'rows' },
  { head: 'Parquet' },
  { head: 'published', drop: 3 },
  { head: 'error' },
];
const MAX_NAMES = 10;

export function runningText({ sights, batches }: Running, width?: number): string[] {
  const silent = sights.filter(({ progress }) => !progress).map(({ dataset }) => dataset);
  const heldUp = sights.flatMap(heldUpText);
  return [
    ...(batches.length > 0 ? [prose(batches.map(batchText).join('\n'), width)] : []),
    sights.length === 0
      ? 'No import is running.'
      : textTable(RUNNING, sights.map(runningRow), width),
    ...(heldUp.length > 0 ? [prose(heldUp.join('\n'), width)] : []),
    ...(silent.length > 0
      ? [
          prose(
            `No worker answers for ${someOf(silent)}. \`make up\` starts one where none runs.`,
            width,
          ),
        ]
      : []),
  ];
}

function batchText(batch: BatchSight): string {
  const name = batch.workflowId === IMPORT_ALL_WORKFLOW_ID ? 'Batch' : `Batch ${batchName(batch)}`;
  const { total, counts, running } = batch;
  if (total === undefined || !counts || !running) return `${name}: no worker answers.`;
  const { done, failed, waiting, toCome } = batchSums({ total, counts, running });
  return (
    `${name}: ${done} of ${total} datasets done, ${failed} failed; ${running.length} running, ` +
    `${waiting > 0 ? `${waiting} waiting, ` : ''}${toCome} to come.`
  );
}

function runningRow({ dataset, progress }: Sight): (string | undefined)[] {
  if (!progress) return [dataset, 'unknown'];
  const view = viewOf(progress, Date.now());
  const { percent, amount, rate, left } = view;
  const { tables, tablesStored, since } = progress;
  return [
    dataset,
    stageOf(view),
    percent,
    amount,
    rate,
    left?.replace(/ left$/, ''),
    `${tablesStored}/${tables}`,
    humanAge(since),
  ];
}

function heldUpText({ dataset, trouble, queued }: Sight): string[] {
  if (!trouble) return queued === undefined ? [] : [`${dataset}: ${queued}`];
  const { nextStep } = trouble;
  return [
    `${dataset}: ${troubleText(trouble)}`,
    ...(nextStep === undefined ? [] : [`  Next step: ${nextStep}`]),
  ];
}

export function standingsText(standings: readonly Standing[], width?: number): string[] {
  const configured = standings.filter((one) => one.configured);
  const others = standings.filter((one) => !one.configured).map(({ dataset }) => dataset);
  const held = heldText(standings);
  return [
    textTable(STANDINGS, configured.map(standingRow), width),
    ...(held === undefined ? [] : [prose(held, width)]),
    ...(others.length > 0 ? [prose(`Not configured any more: ${someOf(others)}.`, width)] : []),
  ];
}

/** Who has a version that waits for a person; nothing when nobody has. */
export function heldText(summaries: readonly DatasetSummary[]): string | undefined {
  const held = summaries.flatMap(({ dataset, heldVersion, heldSince }) =>
    heldVersion === undefined ? [] : [`${dataset} ${heldVersion}, since ${humanAge(heldSince!)}`],
  );
  if (held.length === 0) return undefined;
  return `Held until somebody decides: ${someOf(held)}. \`kaggle-import versions <dataset>\` says why.`;
}

function standingRow(one: Standing): (string | number | undefined)[] {
  const { lastOutcome, lastStartedAt, lastEndedAt, lastDurationMs, publishedAt } = one;
  const at = lastEndedAt ?? lastStartedAt;
  return [
    one.dataset,
    lastOutcome ?? 'never imported',
    at && humanAge(at),
    lastDurationMs === undefined ? undefined : (lastDurationMs / 1000).toFixed(1),
    one.tables,
    one.rows,
    one.parquetBytes === undefined ? undefined : humanBytes(one.parquetBytes),
    publishedAt && humanAge(publishedAt),
    one.lastErrorCode ?? withoutTables(one.lastFailedTables),
  ];
}

function withoutTables(count: number | undefined): string | undefined {
  if (count === undefined) return undefined;
  return count === 1 ? '1 table failed' : `${count} tables failed`;
}

export function plannedText(schedules: readonly Planned[]): string {
  if (schedules.length === 0) {
    return 'Next run: none is scheduled; `make schedule ACTION=create` imports everything every night.';
  }
  return schedules
    .map(({ schedule, paused, nextRun }) => {
      const when = nextRun === undefined ? 'never again' : inUtc(nextRun);
      return `Next run: ${paused ? 'none while paused' : when}  (schedule ${schedule})`;
    })
    .join('\n');
}

export function cacheText(cache: {
  readonly entries: number;
  readonly bytes: number;
  readonly hits: number;
  readonly misses: number;
  readonly savedBytes: number;
}): string {
  const saved = `${cache.hits} hits, ${cache.misses} misses, ${humanBytes(cache.savedBytes)} not transferred again`;
  return `Cache: ${humanCount(cache.entries)} entries, ${humanBytes(cache.bytes)}; ${saved}.`;
}

function someOf(names: readonly string[]): string {
  const some = names.slice(0, MAX_NAMES).join(', ');
  return names.length > MAX_NAMES ? `${some} and ${names.length - MAX_NAMES} more` : some;
}
