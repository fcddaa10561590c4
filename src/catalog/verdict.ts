/** How a version differs from the one before it, and what follows. */

/** One way in which a version differs from the current one by more than `drift:` allows. */
export interface DriftFinding {
  readonly table: string;
  /** Absent for what is said of the whole table. */
  readonly column?: string;
  readonly what: 'dropped' | 'retyped' | 'rows' | 'nulls' | 'classes';
  /** In words; never a value of the data. */
  readonly before: string;
  readonly after: string;
}

/** What the comparison of a new version with the current one leads to. */
export interface Verdict {
  readonly drift: readonly DriftFinding[];
  /** Stored, and not current until a person has approved it. */
  readonly held: boolean;
}
