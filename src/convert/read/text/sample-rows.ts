/** The first rows of a table, as the sample has them. */
import type { Witness } from '../../relation.js';
import { isTyped } from './cell-shapes.js';
import { cellsOf } from './fields.js';
import type { Plan } from './plan.js';
import { readSample, type Sample } from './sample.js';

const LOOKED_ROWS = 200;
/** Among so many records they are looked for. */
const SEARCHED_ROWS = 1000;
const FIRST_ROWS = 10;

/** Some of them, to show. */
export function firstOf(rows: ReadonlyArray<Witness['cells']>): ReadonlyArray<Witness['cells']> {
  return rows.slice(0, FIRST_ROWS);
}

export function isFirstOfTexts(rows: ReadonlyArray<Witness['cells']>): boolean {
  return !isTyped(rows.map(([first]) => first ?? ''));
}

export function sampleRows(sample: Sample, plan: Plan): Array<Witness['cells']> {
  const { dialect, above, headerRecords, headerLine, names, padFrom } = plan;
  return readSample(sample, dialect, above.length, headerLine + SEARCHED_ROWS)
    .filter(({ line }) => line > above.length && (headerRecords === 0 || line >= headerLine))
    .slice(headerRecords)
    .filter(({ fields }) => fields >= padFrom && fields <= names.length)
    .slice(0, LOOKED_ROWS)
    .map(({ raw }) => cellsOf(raw, plan));
}
