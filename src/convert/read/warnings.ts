/** The one place that words what a person must know of a reading: guesses, and what is left out. */
import type { Decision } from './decision.js';
import { firstCharacters } from '../../first-characters.js';

const SHOWN_CHARACTERS = 120;
const SHOWN_CELLS = 6;

/** One for each decision that is a guess or leaves something out, unless a person has pinned it. */
export function warningsOf(decisions: readonly Decision[]): string[] {
  return decisions.filter(isTold).map(worded);
}

function isTold({ about, certainty, leavesOut }: Decision): boolean {
  // A person allows them, and does not know how many there are.
  if (about === 'missing cells') return true;
  return certainty === 'guess' || (leavesOut !== undefined && certainty !== 'pinned');
}

function worded(decision: Decision): string {
  const { about, chosen, certainty, evidence, alternatives, column, leavesOut, pin } = decision;
  const where = column === undefined ? '' : ` of column ${JSON.stringify(column)}`;
  const is = certainty === 'guess' ? 'is a guess' : 'is';
  const settle = certainty === 'pinned' ? '' : `; to settle it: ${pin}`;
  const instead = alternatives.map(({ chosen: other, rows: [first] }) =>
    // Elsewhere they are the records themselves, and may hold what no message shows.
    first === undefined || about !== 'encoding'
      ? `; it could be ${other}`
      : `; ${other} reads ${cells(first)}`,
  );
  return `the ${about}${where} ${is}: ${chosen} (${evidence})${instead.join('')}${leftOut(leavesOut)}${settle}`;
}

function cells(row: readonly string[]): string {
  const shown = row.slice(0, SHOWN_CELLS).map((cell) => JSON.stringify(cell));
  return shown.join(', ') + (row.length > SHOWN_CELLS ? ', ...' : '');
}

function leftOut(leavesOut: Decision['leavesOut']): string {
  if (!leavesOut) return '';
  const { bytes, lines, text } = leavesOut;
  const shown = JSON.stringify(firstCharacters(text, SHOWN_CHARACTERS));
  return `; left out: ${lines} ${lines === 1 ? 'line' : 'lines'}, ${bytes} bytes: ${shown}`;
}
