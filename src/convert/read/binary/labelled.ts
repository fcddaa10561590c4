/** What formats of statisticians say beside the values: labels of columns, meanings of codes, reasons for missing ones. */

interface Labelled {
  readonly name: string;
  /** What the column is, in words; may be empty. */
  readonly label: string;
  /** What its codes stand for. */
  readonly codes: ReadonlyArray<readonly [code: string, text: string]>;
}

/** Of longer lists the first ones tell enough. */
const SHOWN_CODES = 100;

/** `Sex of the person; 1: male, 2: female`. */
export function described(columns: readonly Labelled[]): Array<[name: string, text: string]> {
  return columns.flatMap(({ name, label, codes }): Array<[string, string]> => {
    const shown = codes.slice(0, SHOWN_CODES).map(([code, text]) => `${code}: ${text}`);
    const more = codes.length > SHOWN_CODES ? `, and ${codes.length - SHOWN_CODES} more` : '';
    const meaning = shown.length > 0 ? shown.join(', ') + more : '';
    const text = [label.trim(), meaning].filter((part) => part !== '').join('; ');
    return text === '' ? [] : [[name, text]];
  });
}

/** The plain one gives no reason. */
const PLAIN = '.';

/** Counts why values are missing: in the table all of them are NULL. */
export class MissingReasons {
  readonly #counts: Array<Map<string, number>>;

  constructor(private readonly names: readonly string[]) {
    this.#counts = names.map(() => new Map<string, number>());
  }

  add(column: number, reason: string): void {
    if (reason === PLAIN) return;
    const counts = this.#counts[column]!;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }

  *remarks(): Generator<string> {
    for (const [at, counts] of this.#counts.entries()) {
      if (counts.size === 0) continue;
      const parts = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
      const told = parts.map(([reason, count]) => `${count} ${reason}`).join(', ');
      yield `missing values of column ${JSON.stringify(this.names[at])} have reasons, which are NULL here: ${told}`;
    }
  }
}
