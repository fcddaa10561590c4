/** One structure of progress for every viewer: the query, the Web UI's current details, search attributes. */
import {
  defineQuery,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import {
  PROGRESS_QUERY,
  SEARCH_ATTRIBUTES,
  type ImportProgress,
  type Outcome,
  type Stage,
} from '../contract.js';

const datasetKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.dataset, SearchAttributeType.KEYWORD);
const stageKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.stage, SearchAttributeType.KEYWORD);
const outcomeKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.outcome, SearchAttributeType.KEYWORD);

export interface ProgressTracker {
  readonly current: ImportProgress;
  readonly stageMs: Readonly<Partial<Record<Stage, number>>>;
  enter(stage: Stage, facts?: Partial<ImportProgress>): void;
  add(facts: Partial<ImportProgress>): void;
  finish(outcome: Outcome): void;
}

export function trackProgress(dataset: string): ProgressTracker {
  let since = Date.now();
  let current: ImportProgress = {
    ...{ dataset, stage: 'starting', stageMs: {} },
    ...{ tables: 0, tablesConverted: 0, tablesStored: 0, bytes: 0, rows: 0 },
  };
  setHandler(defineQuery<ImportProgress>(PROGRESS_QUERY), () => current);
  upsertSearchAttributes([{ key: datasetKey, value: dataset }]);

  const closeStage = (): void => {
    const spent = (current.stageMs[current.stage] ?? 0) + Date.now() - since;
    since = Date.now();
    current = { ...current, stageMs: { ...current.stageMs, [current.stage]: spent } };
  };
  const show = (facts: Partial<ImportProgress>): void => {
    current = { ...current, ...facts };
    setCurrentDetails(toMarkdown(current));
  };
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
      upsertSearchAttributes([{ key: stageKey, value: stage }]);
    },
    add: show,
    finish(outcome) {
      closeStage();
      show({ stage: 'done' });
      upsertSearchAttributes([
        { key: stageKey, value: 'done' },
        { key: outcomeKey, value: outcome },
      ]);
    },
  };
}

function toMarkdown(progress: ImportProgress): string {
  const { dataset, stage, version, tables, tablesConverted, tablesStored, bytes, rows } = progress;
  return [
    `**${dataset}**${version === undefined ? '' : ` version ${version}`}: ${stage}`,
    progress.waitingFor === undefined ? '' : `\nWaiting: ${progress.waitingFor}\n`,
    '| tables | converted | stored | rows | source bytes |',
    '|---|---|---|---|---|',
    `| ${tables} | ${tablesConverted} | ${tablesStored} | ${rows} | ${bytes} |`,
  ].join('\n');
}
