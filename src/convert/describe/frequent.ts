/** How often a value stands in a column. */

/** Characters of a value that are looked at; also bounds what examples show. */
export const MAX_VALUE_LENGTH = 200;

export interface FrequentValue {
  readonly value: string;
  readonly count: number;
}
