import { randomUUID } from 'node:crypto';
import { TASK_QUEUES, type ImportAllInput, type ImportAllResult } from '../../src/contract.js';
import type { importAll } from '../../src/workflows/index.js';
import type { TestNamespace } from './test-namespace.js';

/** One batch to its end, under an id of its own. */
export function runBatch(
  { client }: TestNamespace,
  input: ImportAllInput,
): Promise<ImportAllResult> {
  return client.workflow.execute<typeof importAll>('importAll', {
    taskQueue: TASK_QUEUES.control,
    workflowId: `import-all-${randomUUID()}`,
    args: [input],
  });
}
