/** One run of importDataset in a test: started, watched, refused by a step, and what it failed with. */
import { ApplicationFailure } from '@temporalio/common';
import { WorkflowFailedError, type Client, type WorkflowHandle } from '@temporalio/client';
import { expect } from 'vitest';
import {
  importWorkflowId,
  PROGRESS_QUERY,
  TASK_QUEUES,
  type ImportDatasetInput,
  type ImportProgress,
} from '../../src/contract.js';
import type { importDataset } from '../../src/workflows/index.js';

export type ImportHandle = WorkflowHandle<typeof importDataset>;

export function startImport(
  client: Client,
  input: Partial<ImportDatasetInput> = {},
): Promise<ImportHandle> {
  return client.workflow.start<typeof importDataset>('importDataset', {
    taskQueue: TASK_QUEUES.control,
    workflowId: importWorkflowId(input.dataset ?? 'iris'),
    args: [{ dataset: 'iris', ...input }],
  });
}

/** Fails the test when the import does not. */
export async function importFailure(handle: ImportHandle): Promise<ApplicationFailure> {
  const error: unknown = await handle.result().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(WorkflowFailedError);
  return (error as WorkflowFailedError).cause as ApplicationFailure;
}

/** What an activity throws for one of our codes; not to be tried again. */
export function refuse(code: string): never {
  const summary = { code, message: `no: ${code}`, nextStep: 'Do this.' };
  throw ApplicationFailure.create({
    type: code,
    message: summary.message,
    nonRetryable: true,
    details: [summary],
  });
}

export async function untilStage(handle: ImportHandle, stage: string): Promise<void> {
  const progress = (): Promise<ImportProgress | undefined> =>
    handle.query<ImportProgress>(PROGRESS_QUERY).catch(() => undefined);
  while ((await progress())?.stage !== stage) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
