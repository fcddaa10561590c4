/** What the header of a Stata file says, whatever its version. */

export type StataKind = 'text' | 'long text' | 'byte' | 'int' | 'long' | 'float' | 'double';

export interface StataColumn {
  readonly name: Buffer;
  /** How Stata shows it: `%9.0g`, `%td`. */
  readonly format: string;
  /** Of the value labels that its codes have; empty where it has none. */
  readonly labels: string;
  readonly description: Buffer;
  readonly kind: StataKind;
  readonly bytes: number;
  /** Of its first byte in a record. */
  readonly offset: number;
}

export interface StataFile {
  /** 113 is Stata 8, 118 is Stata 14. */
  readonly version: number;
  /** The first byte of a number is the highest. */
  readonly isBig: boolean;
  readonly columns: readonly StataColumn[];
  readonly records: number;
  readonly recordBytes: number;
  readonly start: number;
  /** Where value labels stand, from where to where. */
  readonly labels: readonly [start: number, end: number];
  /** Where long texts stand; none before Stata 13. */
  readonly longTexts?: readonly [start: number, end: number];
}

const BYTES: Readonly<Record<Exclude<StataKind, 'text'>, number>> = {
  ...{ 'long text': 8, byte: 1, int: 2, long: 4, float: 4, double: 8 },
};

type Facts = Pick<StataColumn, 'name' | 'format' | 'labels' | 'description'> & {
  readonly type: readonly [kind: StataKind, textBytes: number];
};

export function columnsOf(facts: readonly Facts[]): {
  columns: StataColumn[];
  recordBytes: number;
} {
  let recordBytes = 0;
  const columns = facts.map(({ type: [kind, textBytes], ...rest }): StataColumn => {
    const bytes = kind === 'text' ? textBytes : BYTES[kind];
    const offset = recordBytes;
    recordBytes += bytes;
    return { ...rest, kind, bytes, offset };
  });
  return { columns, recordBytes };
}
