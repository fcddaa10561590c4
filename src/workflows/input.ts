/** Whether a workflow was given what it takes: a misspelt input fails at once, and says what is allowed. */
import { patched, workflowInfo, type ApplicationFailure } from '@temporalio/workflow';
import { importWorkflowId, type ImportDatasetInput } from '../contract.js';
import { failed, summaryFor } from './failures.js';

type Check = (value: unknown) => boolean;

interface Key {
  readonly expected: string;
  readonly check: Check;
}

const text: Key = {
  expected: 'a name from the configuration',
  check: (value) => typeof value === 'string' && value !== '',
};
const flag: Key = {
  expected: 'true or false',
  check: (value) => value === undefined || typeof value === 'boolean',
};
const IMPORT_DATASET: Readonly<Record<string, Key>> = {
  dataset: text,
  force: flag,
  authChecked: flag,
};

const IMPORT_ALL: Readonly<Record<string, Key>> = {
  only: {
    expected: 'a list of names from the configuration',
    check: (value) =>
      value === undefined || (Array.isArray(value) && value.every((name) => text.check(name))),
  },
  domains: {
    expected: 'a list of domains from the configuration',
    check: (value) =>
      value === undefined || (Array.isArray(value) && value.every((name) => text.check(name))),
  },
  small: flag,
  force: flag,
  maxParallel: {
    expected: 'a whole number',
    check: (value) => value === undefined || (Number.isInteger(value) && (value as number) >= 0),
  },
  finished: { expected: 'a list', check: (value) => value === undefined || Array.isArray(value) },
  continued: {
    expected: 'the state of a batch',
    check: (value) => value === undefined || typeof value === 'object',
  },
};

const VERIFY: Readonly<Record<string, Key>> = {
  dataset: {
    expected: 'a name of a dataset',
    check: (value) => value === undefined || text.check(value),
  },
  deep: flag,
};

const DECIDE_DRIFT: Readonly<Record<string, Key>> = { dataset: text };

const DRIFT_UPDATE: Readonly<Record<string, Key>> = {
  version: {
    expected: 'a version as text',
    check: (value) => value === undefined || typeof value === 'string',
  },
};

/** Throws INPUT_INVALID, naming every key that is wrong and all that are allowed. */
export function requireImportDatasetInput(input: unknown): asserts input is ImportDatasetInput {
  requireKeys(input, IMPORT_DATASET, '{"dataset": "iris"}');
}

/** Throws INPUT_INVALID. */
export function requireImportAllInput(input: unknown): void {
  requireKeys(input, IMPORT_ALL, '{"only": ["iris"]}');
}

/** Throws INPUT_INVALID. */
export function requireVerifyInput(input: unknown): void {
  requireKeys(input, VERIFY, '{"dataset": "iris"}');
}

/** Throws INPUT_INVALID. */
export function requireNoInput(input: unknown): void {
  requireKeys(input, {}, '{}');
}

/** Throws INPUT_INVALID. */
export function requireDecideDriftInput(input: unknown): void {
  requireKeys(input, DECIDE_DRIFT, '{"dataset": "iris"}');
}

/** Throws INPUT_INVALID. */
export function requireDriftUpdate(input?: unknown): void {
  if (input !== undefined) requireKeys(input, DRIFT_UPDATE, '{"version": "3"}');
}

/**
 * One workflow id a dataset is what keeps it from being imported twice at once.
 * Throws WORKFLOW_ID_WRONG, with the command that starts or joins the import.
 */
export function requireWorkflowIdOf(dataset: string): void {
  const { workflowId } = workflowInfo();
  const expected = importWorkflowId(dataset);
  // One that began under another id before this was asked for goes on.
  if (workflowId === expected || !patched('own-workflow-id')) return;
  throw refused('WORKFLOW_ID_WRONG', `expected ${expected}, found ${workflowId}`);
}

function requireKeys(input: unknown, keys: Readonly<Record<string, Key>>, example: string): void {
  const allowed = `expected ${example} with keys among ${Object.keys(keys).join(', ')}`;
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw refused('INPUT_INVALID', `${allowed}; found ${JSON.stringify(input) ?? 'nothing'}`);
  }
  const given = input as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(given)
    .filter((name) => !Object.hasOwn(keys, name))
    .map((name) => `unknown key ${JSON.stringify(name)}`);
  const wrong = Object.entries(keys)
    .filter(([name, { check }]) => !check(given[name]))
    .map(([name, key]) => `${name} is not ${key.expected}`);
  const problems = [...unknown, ...wrong];
  if (problems.length > 0) throw refused('INPUT_INVALID', `${allowed}; ${problems.join(', ')}`);
}

function refused(
  code: 'INPUT_INVALID' | 'WORKFLOW_ID_WRONG',
  evidence: string,
): ApplicationFailure {
  const summary = summaryFor(code);
  return failed({ ...summary, message: `${summary.message}: ${evidence}` });
}
