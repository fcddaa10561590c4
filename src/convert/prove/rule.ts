/** What a rule of the proof is: a type, the value a text becomes, and when that value equals the text. */

export interface TypeRule {
  /** The DuckDB type that is written. */
  readonly type: string;
  /** Recorded in the catalog as `proof.rule`; explained in docs/conversion.md. */
  readonly rule: string;
  /** SQL value of the type for the text `x`; NULL where the text is none. */
  readonly cast: (x: string) => string;
  /** SQL truth: the value of `cast(x)` equals the text `x`. `x` is never NULL here. */
  readonly holds: (x: string) => string;
  /** A quicker way to the same value for most texts; where it does not hold, the rule decides. */
  readonly shortcut?: Pick<TypeRule, 'holds' | 'cast'>;
  /** Two SQL aggregates that tell how wide the type must be; `isValue` is SQL truth for the cells that count. */
  readonly measures?: (x: string, isValue: string) => readonly [string, string];
  /** The type that is wide enough and no wider; nothing when none is. */
  readonly fit?: (measured: readonly [number, number]) => Fit | undefined;
  /** Why nothing fits, for the record. */
  readonly unfit?: string;
  /** The narrowest rule between the bounds of what was written, where there is a narrower one. */
  readonly narrowest?: (min: number, max: number) => TypeRule;
  /** SQL: what of the text `x` is compared with the null tokens; the whole of it unless said. */
  readonly bare?: (x: string) => string;
}

export interface Fit {
  readonly rule: TypeRule;
  /** What was proven implies it; otherwise it is tried like any other rule. */
  readonly proven: boolean;
}

/** Holds for texts that the value prints back to the letter. */
export function canonical(type: string, rule: string): TypeRule {
  return {
    type,
    rule,
    cast: (x) => `try_cast(${x} AS ${type})`,
    holds: (x) => `coalesce(try_cast(${x} AS ${type})::VARCHAR = ${x}, false)`,
  };
}

export const TEXT: TypeRule = {
  type: 'VARCHAR',
  rule: 'text',
  cast: (x) => x,
  holds: () => 'true',
};
