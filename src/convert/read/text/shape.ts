/** Fits the names of a header to the fields of the rows below it, where their numbers differ. */
import type { Certainty } from '../decision.js';
import type { SampleRecord } from './sample.js';

export interface Shape {
  /** One a column, as the file spells it; empty where it has none. */
  readonly names: readonly string[];
  /** Rows of fewer fields, from this number on, end with missing cells. */
  readonly padFrom?: number;
  readonly certainty: Exclude<Certainty, 'pinned'>;
  /** Empty where nothing had to be fitted. */
  readonly evidence: string;
}

/** Nothing where no way to fit them is more than a guess at random. */
export function fitNames(
  head: readonly string[],
  fields: number,
  rows: readonly SampleRecord[],
): Shape | undefined {
  const given = head.length;
  const cells = rows.filter((row) => row.fields === fields).map(({ texts }) => texts);
  if (given < fields) return fewerNames(head, fields, cells);
  const shape: Shape =
    given === fields ? { names: head, certainty: 'sure', evidence: '' } : moreNames(head, fields);
  const nameless = namelessValues(head, cells);
  if (nameless === undefined) return shape;
  return {
    ...shape,
    certainty: 'guess',
    evidence: `column ${nameless + 1} has values and no name`,
  };
}

/** What titles and lines of notes are padded to, seldom a header: its last columns have values, and no name. */
function namelessValues(
  head: readonly string[],
  cells: ReadonlyArray<readonly string[]>,
): number | undefined {
  const named = head.findLastIndex((name) => name.trim() !== '') + 1;
  const found = head.findIndex((_name, at) => at >= named && cells.some((row) => row[at]));
  return found <= 0 ? undefined : found;
}

/** Always a guess: which of the names is missing, the file does not say. */
function fewerNames(
  head: readonly string[],
  fields: number,
  cells: ReadonlyArray<readonly string[]>,
): Shape | undefined {
  const missing = fields - head.length;
  const counted = `${head.length} names above ${fields} fields`;
  const behind = cells.filter((row) => row.slice(head.length).some((text) => text !== '')).length;
  const padded = [...head, ...Array.from({ length: missing }, () => '')];
  if (behind === 0)
    return {
      names: padded,
      certainty: 'guess',
      evidence: `${counted}: nothing stands in the last`,
    };
  if (behind <= cells.length / 2)
    return { names: padded, certainty: 'guess', evidence: `${counted}: the last are mostly empty` };
  if (missing === 1 && isLabelled(cells)) {
    return {
      names: ['', ...head],
      certainty: 'guess',
      evidence: `${counted}: the first are all different, as the names of rows are`,
    };
  }
  return undefined;
}

function isLabelled(cells: ReadonlyArray<readonly string[]>): boolean {
  const labels = cells.map((row) => row[0]!);
  return new Set(labels).size === labels.length && labels.every((label) => label.trim() !== '');
}

function moreNames(head: readonly string[], fields: number): Shape {
  const surplus = head.slice(fields);
  const evidence = `${head.length} names above ${fields} fields`;
  if (surplus.every((name) => name.trim() === ''))
    return {
      names: head.slice(0, fields),
      certainty: 'guess',
      evidence: `${evidence}: the last are empty`,
    };
  return {
    ...{ names: head, padFrom: fields, certainty: 'guess' },
    evidence: `${evidence}: the last columns have no cells`,
  };
}
