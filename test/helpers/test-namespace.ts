/** A fresh Temporal namespace on the shared server, so that test files do not take each other's tasks. */
import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { inject } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../src/contract.js';
import type {} from './global-setup.js';

export interface TestNamespace {
  readonly name: string;
  readonly address: string;
  readonly client: Client;
  close(): Promise<void>;
}

const DAY_SECONDS = 86_400;
/** `Keyword` in Temporal's IndexedValueType. */
const KEYWORD = 2;

/** @param address - of another server than the shared one */
export async function createTestNamespace(
  address = inject('stack').TEMPORAL_ADDRESS,
): Promise<TestNamespace> {
  const name = `test-${randomBytes(6).toString('hex')}`;
  const connection = await Connection.connect({ address });
  await connection.workflowService.registerNamespace({
    namespace: name,
    workflowExecutionRetentionPeriod: { seconds: DAY_SECONDS as never },
  });
  const attributes = Object.values(SEARCH_ATTRIBUTES).map((attribute) => [attribute, KEYWORD]);
  await eventually(() =>
    connection.operatorService.addSearchAttributes({
      namespace: name,
      searchAttributes: Object.fromEntries(attributes) as Record<string, number>,
    }),
  );
  const client = new Client({ connection, namespace: name });
  return { name, address, client, close: () => connection.close() };
}

const PATIENCE_MS = 300_000;

/** A new namespace is known to every part of the server only after a moment. */
async function eventually<Result>(attempt: () => Promise<Result>): Promise<Result> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
