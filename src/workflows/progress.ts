/** One structure of progress for every viewer: the query, the Web UI's current details, search attributes. */
import {
  defineQuery,
  defineSignal,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import {
  PROGRESS_QUERY,
  SEARCH_ATTRIBUTES,
  STEP_PROGRESS_SIGNAL,
  type ImportProgress,
  type ImportResult,
  type Stage,
  type StepProgress,
} from '../contract.js';
import { humanBytes, humanCount } from '../human.js';
import { sentenceOf, viewOf } from '../progress-view.js';
import { createJournal } from './journal.js';

const datasetKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.dataset, SearchAttributeType.KEYWORD);
const stageKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.stage, SearchAttributeType.KEYWORD);
const outcomeKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.outcome, SearchAttributeType.KEYWORD);

export interface ProgressTracker {
  readonly current: ImportProgress;
  readonly stageMs: Readonly<Partial<Record<Stage, number>>>;
  enter(stage: Stage, facts?: Partial<ImportProgress>): void;
  add(facts: Partial<ImportProgress>): void;
  /** Nothing is being done with this table at the moment. */
  rest(table: string): void;
  finish(result: ImportResult): void;
}

export function trackProgress(dataset: string): ProgressTracker {
  const journal = createJournal(dataset);
  let sinceMs = Date.now();
  let current: ImportProgress = {
    ...{
      dataset,
      stage: 'starting',
      since: new Date(sinceMs).toISOString(),
      stageMs: {},
      steps: [],
    },
    ...{ tables: 0, tablesConverted: 0, tablesStored: 0, bytes: 0, rows: 0 },
  };
  setHandler(defineQuery<ImportProgress>(PROGRESS_QUERY), () => current);
  upsertSearchAttributes([{ key: datasetKey, value: dataset }]);

  const closeStage = (): void => {
    const { stage, stageMs } = current;
    const now = Date.now();
    journal.stageEnded(stage, now - sinceMs);
    const spent = (stageMs[stage] ?? 0) + now - sinceMs;
    sinceMs = now;
    const since = new Date(now).toISOString();
    current = { ...current, since, steps: [], stageMs: { ...stageMs, [stage]: spent } };
  };
  const show = (facts: Partial<ImportProgress>): void => {
    current = { ...current, ...facts };
    setCurrentDetails(toMarkdown(current));
  };
  setHandler(defineSignal<[StepProgress]>(STEP_PROGRESS_SIGNAL), (step) => {
    const others = current.steps.filter((one) => keyOf(one) !== keyOf(step));
    show({ steps: [...others, step] });
  });
  journal.started();
  return {
    get current() {
      return current;
    },
    get stageMs() {
      return current.stageMs;
    },
    enter(stage, facts = {}) {
      closeStage();
      const { waitingFor: _over, ...rest } = current;
      current = rest;
      show({ ...facts, stage });
      if (facts.waitingFor !== undefined) journal.waits(facts.waitingFor);
      upsertSearchAttributes([{ key: stageKey, value: stage }]);
    },
    add: show,
    rest(table) {
      show({ steps: current.steps.filter((step) => keyOf(step) !== table) });
    },
    finish(result) {
      const { outcome } = result;
      closeStage();
      show({ stage: 'done' });
      journal.ended(result);
      upsertSearchAttributes([
        { key: stageKey, value: 'done' },
        { key: outcomeKey, value: outcome },
      ]);
    },
  };
}

/** A download is one step whatever file it is at; tables are converted and stored side by side. */
function keyOf({ doing, name }: StepProgress): string {
  return doing === 'converting' || doing === 'storing' ? (name ?? doing) : doing;
}

function toMarkdown(progress: ImportProgress): string {
  const { dataset, version, tables, tablesConverted, tablesStored, bytes, rows } = progress;
  const now = sentenceOf(viewOf(progress, Date.now()));
  return [
    `**${dataset}**${version === undefined ? '' : ` version ${version}`}: ${now}`,
    progress.waitingFor === undefined ? '' : `\nWaiting: ${progress.waitingFor}\n`,
    '| tables | converted | stored | rows | source |',
    '|---|---|---|---|---|',
    `| ${[tables, tablesConverted, tablesStored, rows].map(humanCount).join(' | ')} | ${humanBytes(bytes)} |`,
  ].join('\n');
}
