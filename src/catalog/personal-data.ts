/** Keeps raw personal data out of the catalog, even if a step before forgot to mask it. */
import type { ColumnDescription } from '../convert/types.js';

/** Two mask characters in a row: what is left of a value that was masked. */
const MASKED = /[*•█]{2}/;
/** Statistics that tell nothing of a single value. */
const HARMLESS_STATS = [
  'nullCount',
  'distinct',
  'approxDistinct',
  'minLength',
  'maxLength',
  'mean',
  'stddev',
];

/** The column as it may be stored: unchanged unless it holds personal data. */
export function withoutPersonalData(column: ColumnDescription): ColumnDescription {
  if (column.personalData === undefined) return column;
  return {
    ...column,
    examples: column.examples.filter((example) => MASKED.test(example)),
    stats: Object.fromEntries(
      Object.entries(column.stats).filter(([name]) => HARMLESS_STATS.includes(name)),
    ),
    proof: {
      ...column.proof,
      demotions: column.proof.demotions.map(({ value: _value, ...demotion }) => demotion),
    },
  };
}
