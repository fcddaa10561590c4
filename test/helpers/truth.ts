/** What is right for a text table, and whether a reading of it is: kept as digests that other readers made. */
import { createHash } from 'node:crypto';
import iconv from 'iconv-lite';
import type { DecisionSubject } from '../../src/convert/read/decision.js';
import type { Reading, RefusedReading } from './read-source.js';

export interface Truth {
  readonly file: string;
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly header?: boolean;
  readonly columns?: number;
  readonly skippedLines?: number;
  readonly rejects?: number;
  /** Digest of the names as one record, each without the blanks around it; absent without a header. */
  readonly names?: string;
  /** Digest of all records that are rows. */
  readonly cells?: string;
  /** Something is left out, rejected or undecidable: a reading that says nothing is wrong. */
  readonly told?: boolean;
  /** A person could read it another way: a warning is no false alarm. */
  readonly hard?: boolean;
  /** No reading is right. One that is told, or a refusal, is. */
  readonly ambiguous?: string;
  readonly refused?: boolean;
}

export type Outcome =
  | 'right and silent'
  | 'right and told'
  | 'false alarm'
  | 'right but not told'
  | 'wrong and told'
  | 'wrong and silent';

/** SHA-256 over the UTF-8 of all cells, each followed by a separator; test/corpus/README.md says how. */
export function digestOf(records: readonly (readonly string[])[]): string {
  const hash = createHash('sha256');
  for (const record of records) hash.update(`${record.join('\x1f')}\x1e`);
  return hash.digest('hex').slice(0, 16);
}

export function isTold(reading: Reading | RefusedReading): boolean {
  return 'refused' in reading || reading.warnings.length > 0 || reading.rejects > 0;
}

export function outcomeOf(reading: Reading | RefusedReading, truth: Truth): Outcome {
  const told = isTold(reading);
  if (!isRight(reading, truth)) return told ? 'wrong and told' : 'wrong and silent';
  if (truth.told) return told ? 'right and told' : 'right but not told';
  if (!told) return 'right and silent';
  return truth.hard ? 'right and told' : 'false alarm';
}

function isRight(reading: Reading | RefusedReading, truth: Truth): boolean {
  if (truth.refused || truth.ambiguous !== undefined) return isTold(reading);
  if ('refused' in reading) return false;
  return (
    reading.header === truth.header &&
    // What is left out may be a footer to one and a reject to another: both are told.
    (truth.told || reading.rejects === 0) &&
    digestOf(reading.rows) === truth.cells &&
    (!truth.header || digestOf([reading.names.map((name) => name.trim())]) === truth.names)
  );
}

/** The subjects of which a reading decided otherwise than is right, whatever came of it. */
export function wrongSubjects(
  reading: Reading,
  truth: Truth,
  bytes: Uint8Array,
): DecisionSubject[] {
  if (truth.refused || truth.ambiguous !== undefined || isRight(reading, truth)) return [];
  const text = (encoding: string): string => iconv.decode(Buffer.from(bytes), encoding);
  const found: DecisionSubject[] = [];
  if (text(reading.encoding) !== text(truth.encoding!)) found.push('encoding');
  if ((truth.columns ?? 2) > 1 && reading.delimiter !== truth.delimiter) found.push('delimiter');
  if (reading.header !== truth.header) found.push('header');
  if (reading.skippedLines !== (truth.skippedLines ?? 0)) found.push('title');
  // Cells differ although all that was right: marks within the cells.
  return found.length > 0 ? found : ['quote'];
}
