/** The saved histories of real runs: what they are called, and how they are read. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const HISTORIES = join(import.meta.dirname, 'histories');

/** Of what began with the version before, and goes on the way it began; nothing records them any more. */
export const KEPT = [
  ...['import-all-published', 'import-all-continued', 'import-all-failed'],
  'import-dataset-before-short',
] as const;

/** Every way a workflow goes; each must have a history, recorded by `npm run record-histories`. */
export const RECORDED = [
  'import-dataset-published',
  'import-dataset-up-to-date',
  'import-dataset-failed',
  'import-dataset-cancelled',
  'import-dataset-waited',
  'import-dataset-started-over',
  'import-dataset-of-batch',
  'import-dataset-sat-out',
  'import-dataset-short',
  'import-dataset-without-a-table',
  'import-dataset-with-files',
  'batch-published',
  'batch-continued',
  'batch-failed',
  'batch-left-one-waiting',
  'batch-resized',
  'gc',
  'verify-whole',
  'verify-deep-failed',
] as const;
export type Recorded = (typeof RECORDED)[number];

export interface SavedHistory {
  readonly workflowId: string;
  /** As `temporal workflow show --output json` prints it. */
  readonly history: { readonly events: readonly Record<string, unknown>[] };
}

/** All that are saved; throws when there is none, for a gate that compares nothing is none. */
export function readHistories(folder = HISTORIES): SavedHistory[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  if (files.length === 0)
    throw new Error(`No history in ${folder}: run \`npm run record-histories\`.`);
  return files.sort().map((name) => ({
    workflowId: name.replace(/\.json$/, ''),
    history: JSON.parse(readFileSync(join(folder, name), 'utf8')) as SavedHistory['history'],
  }));
}
