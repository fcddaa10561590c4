/** Batches that began before names took the place of results: as long as one may run, it goes the way it began. */
import {
  CancellationScope,
  ChildWorkflowCancellationType,
  ChildWorkflowFailure,
  continueAsNew,
  defineQuery,
  executeChild,
  isCancellation,
  ParentClosePolicy,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { Activities } from '../activities/index.js';
import {
  importWorkflowId,
  PROGRESS_QUERY,
  type ImportAllInput,
  type ImportResult,
} from '../contract.js';
import { questions, sourceQuestions } from './activity-options.js';
import { failed, summaryOf } from './failures.js';
import { importDataset } from './import-dataset.js';
import { mapWithLimit } from './map-with-limit.js';
import { someOf } from './warnings.js';

const { selectDatasets } = proxyActivities<Activities>(questions);
const { checkAuth } = proxyActivities<Activities>(sourceQuestions);

/** Of one dataset among a thousand. */
const MAX_WARNINGS = 5;

interface Results {
  readonly imports: readonly ImportResult[];
}

/** Lists every outcome. Fails with IMPORTS_FAILED, the whole list among its details. */
export async function importAllBefore(input: ImportAllInput): Promise<Results> {
  const { only, small, force } = input;
  const finished: ImportResult[] = [...(input.finished ?? [])];
  const running = new Set<string>();
  let total = 0;
  setHandler(defineQuery(PROGRESS_QUERY), () => ({ total, running: [...running], finished }));

  const selection = await selected();
  const { names } = selection;
  total = names.length;

  const unfinished = (): string[] =>
    names.filter((name) => !finished.some(({ dataset }) => dataset === name));
  // None at a time would be a batch that continues as new for ever.
  const parallel = Math.max(1, input.maxParallel ?? selection.maxParallel);
  await mapWithLimit(unfinished(), parallel, async (dataset) => {
    // A history near its limit: what runs is waited for, the rest goes to a new run.
    if (workflowInfo().continueAsNewSuggested) return;
    running.add(dataset);
    setCurrentDetails(`${finished.length} of ${total} done; running: ${[...running].join(', ')}`);
    finished.push(await importOne(dataset, force ?? false));
    running.delete(dataset);
  });
  if (unfinished().length > 0) await continueAsNew<typeof importAllBefore>({ ...input, finished });

  const imports = names.map((name) => finished.find(({ dataset }) => dataset === name)!);
  const broken = imports.filter(({ outcome }) => outcome === 'failed');
  if (broken.length === 0) return { imports };
  throw failed(
    {
      code: 'IMPORTS_FAILED',
      message: `${broken.length} of ${total} imports failed: ${broken.map(({ dataset }) => dataset).join(', ')}`,
      nextStep: 'Read the reason of each failed dataset in `make status`, then import it again.',
    },
    { imports } satisfies Results,
  );

  async function selected() {
    try {
      const found = await selectDatasets({ ...(only && { only }), ...(small && { small }) });
      // Once for all: a quiet night costs one request a dataset, and one more.
      if (finished.length === 0) await checkAuth({ datasets: found.names });
      return found;
    } catch (error) {
      throw isCancellation(error) ? error : failed(summaryOf(error));
    }
  }
}

async function importOne(dataset: string, force: boolean): Promise<ImportResult> {
  const started = Date.now();
  const nothing = {
    ...{ dataset, tables: 0, carriedOver: 0, rows: 0, rejects: 0, warnings: [] },
    ...{ sourceBytes: 0, parquetBytes: 0, transferredBytes: 0, durationMs: 0 },
  };
  try {
    const result = await executeChild(importDataset, {
      workflowId: importWorkflowId(dataset),
      args: [{ dataset, force, authChecked: true }],
      cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
      // A terminated batch lets its imports clean up after themselves.
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      staticSummary: dataset,
    });
    return { ...result, warnings: someOf(result.warnings, MAX_WARNINGS) };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) {
      return { ...nothing, outcome: 'already-running' };
    }
    // The batch itself was cancelled, or only this child.
    if (isCancellation(error)) {
      if (
        error instanceof ChildWorkflowFailure &&
        !CancellationScope.current().consideredCancelled
      ) {
        return { ...nothing, outcome: 'cancelled', durationMs: Date.now() - started };
      }
      throw error;
    }
    const durationMs = Date.now() - started;
    return { ...nothing, outcome: 'failed', failure: summaryOf(error), durationMs };
  }
}
