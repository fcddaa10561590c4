/** Asks Temporal which runs it knows, and which imports are under way. */
import type { Client } from '@temporalio/client';

/** A UUID; what else lies in a work folder has no business in a query. */
const RUN_ID = /^[0-9a-f-]{36}$/;

/** Of these runs, those that the namespace knows, and whether each has ended. */
export async function findRuns(
  client: Client,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, 'running' | 'ended'>> {
  const found = new Map<string, 'running' | 'ended'>();
  for (const runId of runIds.filter((id) => RUN_ID.test(id))) {
    for await (const { closeTime } of client.workflow.list({ query: `RunId = '${runId}'` })) {
      found.set(runId, closeTime === undefined ? 'running' : 'ended');
    }
  }
  return found;
}

/** Workflow ids of the imports that run, also of those that wait. */
export async function runningImports(client: Client): Promise<string[]> {
  const query = `WorkflowType = 'importDataset' AND ExecutionStatus = 'Running'`;
  const found: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query })) found.push(workflowId);
  return found;
}
