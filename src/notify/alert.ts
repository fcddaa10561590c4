/** What people are told of an import that needs one of them. */
import type { FailedTables, FailureSummary, ImportResult } from '../contract.js';
import { firstCharacters } from '../first-characters.js';

/** Plain text throughout; each receiver has its own way to write it. */
export interface Alert {
  /** The same for the same event, so that a receiver can tell a repetition. */
  readonly id: string;
  /** For machines: `import.failed`, `import.incomplete`, `batch.finished`, `batch.failed`, `batch.cancelled`, `gc.failed`, `verify.failed`. */
  readonly event: string;
  readonly title: string;
  readonly lines: readonly string[];
  /** For machines: names, codes and counts. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Nobody reads more of one; the whole of it is in the catalog and in Temporal. */
const MAX_LINE_CHARACTERS = 2000;

/** Nothing for an outcome that needs nobody. `id` names the run. */
export function alertFor(result: ImportResult, id: string): Alert | undefined {
  const { dataset, outcome, failure } = result;
  if (outcome === 'held') return heldAlert(result, id);
  if (outcome === 'published' && result.failed) return incompleteAlert(dataset, result.failed, id);
  if (outcome !== 'failed') return undefined;
  const lines = failure
    ? [`${failure.code}: ${failure.message}`, `Next step: ${failure.nextStep}`]
    : [];
  return {
    ...{ id, event: 'import.failed', title: `Import of ${dataset} failed.` },
    lines: lines.map(shortened),
    facts: { dataset, ...(failure && { code: failure.code }) },
  };
}

/** Of old versions that could not be removed, or of what is not as it was published. */
export interface UpkeepTrouble {
  readonly what: 'gc' | 'verify';
  readonly failure: FailureSummary;
}

export function alertForUpkeep({ what, failure }: UpkeepTrouble, id: string): Alert {
  const { code, message, nextStep } = failure;
  const title =
    code === 'VERIFY_FAILED' ? 'What is stored is not what was published.' : `${what} failed.`;
  const lines = [`${code}: ${message}`, `Next step: ${nextStep}`];
  return { id, event: `${what}.failed`, title, lines: lines.map(shortened), facts: { code } };
}

/** By `on_table_failure: publish_others`. */
function incompleteAlert(dataset: string, { count, first }: FailedTables, id: string): Alert {
  const lines = first.flatMap(({ table, code, message, nextStep }) => [
    `${table}: ${code}: ${message}`,
    `Next step: ${nextStep}`,
  ]);
  const more = count - first.length;
  return {
    ...{ id, event: 'import.incomplete' },
    title: `${dataset} is published without ${count === 1 ? 'a table that' : `${count} tables that`} failed.`,
    lines: [...lines, ...(more > 0 ? [`... and ${more} more`] : [])].map(shortened),
    facts: { dataset, tables: count },
  };
}

function heldAlert({ dataset, version, warnings }: ImportResult, id: string): Alert {
  const verbs = ['approve', 'reject'].map((verb) => `kaggle-import ${verb} ${dataset} ${version}`);
  const nextStep = `Next step: compare (kaggle-import versions ${dataset}), then ${verbs.join(' or ')}.`;
  const lines = [...warnings, 'The version before stays current.', nextStep];
  return {
    ...{ id, event: 'import.held', title: `Version ${version} of ${dataset} is held.` },
    lines: lines.map(shortened),
    facts: { dataset, ...(version !== undefined && { version }) },
  };
}

export function shortened(line: string): string {
  return line.length <= MAX_LINE_CHARACTERS
    ? line
    : `${firstCharacters(line, MAX_LINE_CHARACTERS)}…`;
}
