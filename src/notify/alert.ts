/** What people are told of an import that needs one of them. */
import type { ImportResult } from '../contract.js';

/** Plain text throughout; each receiver has its own way to write it. */
export interface Alert {
  /** The same for the same event, so that a receiver can tell a repetition. */
  readonly id: string;
  /** For machines: `import.failed`, `batch.finished`, `batch.failed`, `batch.cancelled`. */
  readonly event: string;
  readonly title: string;
  readonly lines: readonly string[];
  /** For machines: names, codes and counts. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Teams refuses a message above 28 KB; the whole of it is in the catalog and in Temporal. */
const MAX_LINE_CHARACTERS = 2000;

/** Nothing for an outcome that needs nobody. `id` names the run. */
export function alertFor(
  { dataset, outcome, failure }: ImportResult,
  id: string,
): Alert | undefined {
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

export function shortened(line: string): string {
  return line.length <= MAX_LINE_CHARACTERS ? line : `${line.slice(0, MAX_LINE_CHARACTERS)}…`;
}
