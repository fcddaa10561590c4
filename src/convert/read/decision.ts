/** What reading chose where a file does not say how it wants to be read, and how sure it is of it. */

export type Certainty = 'pinned' | 'sure' | 'likely' | 'guess';

export type DecisionSubject =
  | 'encoding'
  | 'byte order mark'
  | 'delimiter'
  | 'fixed width'
  | 'quote'
  | 'escape'
  | 'blanks beside quotes'
  | 'line end'
  | 'comment'
  | 'table'
  | 'title'
  | 'header'
  | 'names'
  | 'missing cells'
  | 'footer'
  | 'decimal mark'
  | 'null tokens'
  | 'day order'
  | 'number spelling';

/** Another way to read the file that came into question. */
export interface Alternative {
  /** In the words of `Decision.chosen`. */
  readonly chosen: string;
  /** The first records as they would read then, cell by cell; at most three. */
  readonly rows: readonly (readonly string[])[];
}

/** One choice of the reading. All of them stand in the catalog; `warningsOf` words those that a person must see. */
export interface Decision {
  readonly about: DecisionSubject;
  /** In words: `windows-1252`, `";"`, `line 3`. */
  readonly chosen: string;
  readonly certainty: Certainty;
  /** One clause that names what was counted: `98 of 98 lines hold 4 of them`. */
  readonly evidence: string;
  readonly alternatives: readonly Alternative[];
  /** The column concerned, by its original name; absent when it is the whole file. */
  readonly column?: string;
  /** What this choice keeps out of the table. */
  readonly leavesOut?: { readonly bytes: number; readonly lines: number; readonly text: string };
  /** YAML below the dataset that settles it, ready to paste: `csv: {encoding: windows-1252}`. */
  readonly pin: string;
}

type Facts = Omit<Decision, 'certainty' | 'alternatives'> & Partial<Pick<Decision, 'alternatives'>>;

/** A choice of that certainty; how it is told follows from it, see `warningsOf`. */
export function decision(certainty: Certainty, facts: Facts): Decision {
  return { alternatives: [], ...facts, certainty };
}
