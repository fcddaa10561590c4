/** Asks Temporal which runs it knows, and which imports are under way. Its lists lag behind what has just ended. */
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';

/** A UUID; what else lies in a work folder has no business in a query. */
const RUN_ID = /^[0-9a-f-]{36}$/;

/** Of these runs, those that the namespace knows, and whether each has ended. */
export async function findRuns(
  client: Client,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, 'running' | 'ended'>> {
  const found = new Map<string, 'running' | 'ended'>();
  for (const runId of runIds.filter((id) => RUN_ID.test(id))) {
    for await (const listed of client.workflow.list({ query: `RunId = '${runId}'` })) {
      found.set(runId, (await isRunning(client, listed)) ? 'running' : 'ended');
    }
  }
  return found;
}

/** The imports that run, also those that wait. */
export async function runningImports(client: Client): Promise<WorkflowExecutionInfo[]> {
  const query = `WorkflowType = 'importDataset' AND ExecutionStatus = 'Running'`;
  const listed: WorkflowExecutionInfo[] = [];
  for await (const one of client.workflow.list({ query })) listed.push(one);
  const running = await Promise.all(listed.map((one) => isRunning(client, one)));
  return listed.filter((_one, index) => running[index]);
}

async function isRunning(
  client: Client,
  { workflowId, runId, closeTime }: WorkflowExecutionInfo,
): Promise<boolean> {
  if (closeTime !== undefined) return false;
  try {
    const { status } = await client.workflow.getHandle(workflowId, runId).describe();
    return status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
