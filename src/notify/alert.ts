/** What people are told of an import that needs one of them. */
import type { ImportResult } from '../contract.js';

/** Plain text throughout; each receiver has its own way to write it. */
export interface Alert {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Teams refuses a message above 28 KB; the whole of it is in the catalog and in Temporal. */
const MAX_LINE_CHARACTERS = 2000;

/** Nothing for an outcome that needs nobody. */
export function alertFor({ dataset, outcome, failure }: ImportResult): Alert | undefined {
  if (outcome !== 'failed') return undefined;
  const lines = failure
    ? [`${failure.code}: ${failure.message}`, `Next step: ${failure.nextStep}`]
    : [];
  return { title: `Import of ${dataset} failed.`, lines: lines.map(shortened) };
}

function shortened(line: string): string {
  return line.length <= MAX_LINE_CHARACTERS ? line : `${line.slice(0, MAX_LINE_CHARACTERS)}…`;
}
