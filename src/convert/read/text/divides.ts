/** How a candidate divides the records. */
import type { Candidate } from './candidates.js';
import { WHITESPACE } from './dialect.js';
import { findHeader } from './header.js';
import { MARKS_OF_CODES } from './shared-marks.js';

/** Where nothing else tells, one with a mark is one in five of these. */
export const FEW_LINES = 5;

export function dividesEach({ records }: Candidate): boolean {
  return records.every((record) => record.fields > 1);
}

export function dividesAll({ regular, records }: Candidate): boolean {
  return records.length > 1 && regular === records.length;
}

export function dividesMost({ regular, records }: Candidate): boolean {
  return regular > 1 && regular > records.length / 2;
}

export function dividesHeader({ records, fields }: Pick<Candidate, 'records' | 'fields'>): boolean {
  return records[0]!.fields === fields;
}

/** Stands between words, too, and whatever it divides is of one piece. */
export function isBlank({ dialect }: Candidate): boolean {
  return dialect.delimiter === ' ' || dialect.delimiter === WHITESPACE;
}

/** A mark of codes and addresses, below a name that has none, and above it no titles. */
export function isWithinValues({ dialect, records, fields }: Candidate): boolean {
  if (!MARKS_OF_CODES.includes(dialect.delimiter)) return false;
  if (records.length <= FEW_LINES || records[0]!.fields > 1) return false;
  const below = records.slice(records.findIndex((one) => one.fields === fields));
  const { isHeader, certainty } = findHeader(below);
  return !isHeader || certainty === 'guess';
}
