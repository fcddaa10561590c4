/** A value of an Arrow array as text: alone, and within lists and structs. */

export interface Values {
  /** `null` for a missing value. */
  textAt(index: number): string | null;
  /** Within lists and structs. */
  jsonAt(index: number): string;
}

/** In JSON a text between quotes. */
export function quoted(textAt: (index: number) => string): Values {
  return { textAt, jsonAt: (index) => JSON.stringify(textAt(index)) };
}

/** In JSON as it is. */
export function bare(textAt: (index: number) => string): Values {
  return { textAt, jsonAt: textAt };
}
