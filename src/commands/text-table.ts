/** Plain tables for people, which fit the terminal: narrow ones lose columns, then wrap texts, by rule. */
import Table from 'cli-table3';

export type Cell = string | number | undefined;

export interface Column {
  readonly head: string;
  /** Left out of a table that is too wide, 1 first; a column without it stays. */
  readonly drop?: number;
  /** A text that may go over several lines. */
  readonly wraps?: boolean;
}

const NOTHING = { top: '', bottom: '', left: '', right: '', mid: '' };
const NO_FRAME = Object.fromEntries(
  Object.keys(NOTHING).flatMap((side) =>
    ['', '-left', '-mid', '-right'].map((corner) => [`${side}${corner}`, '']),
  ),
);
const GAP = '  ';
/** Narrower, a text is no longer read but spelled. */
const MIN_TEXT = 16;
/** Numbers with their units, and what stands in for an unknown one. */
const QUANTITY = /^(-|[\d.,]+( ?(B|kB|MB|GB|TB|ms|s|min|h|d|%))?|\d+\/\d+)$/;

/**
 * A head, a rule below it, quantities aligned to the right, `-` for what is unknown.
 * @param width - of the terminal, in columns; without one (a pipe) nothing is left out and nothing wraps
 */
export function textTable(
  columns: readonly (Column | string)[],
  rows: readonly (readonly Cell[])[],
  width = Infinity,
): string {
  const all = columns.map((column) => (typeof column === 'string' ? { head: column } : column));
  const texts = rows.map((row) => row.map(textOf));
  const { kept, widths } = fit(all, texts, width);
  const head = kept.map((index) => all[index]!.head);
  const cells = texts.map((row) =>
    kept.map((index) => wrapped(row[index] ?? '-', widths.get(index)!).join('\n')),
  );
  const isQuantity = (column: number): boolean =>
    cells.some((row) => row[column] !== '-') &&
    cells.every((row) => QUANTITY.test(row[column] ?? ''));
  const table = new Table({
    head,
    colAligns: head.map((_name, column) => (isQuantity(column) ? 'right' : 'left')),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    chars: { ...NO_FRAME, middle: GAP },
  });
  table.push(...cells);
  const [first = '', ...rest] = table.toString().split('\n');
  return [first, '-'.repeat(first.length), ...rest].map((line) => line.trimEnd()).join('\n');
}

/** Which columns stay, and how wide each may be. */
function fit(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): { kept: readonly number[]; widths: ReadonlyMap<number, number> } {
  const widths = new Map(
    columns.map(({ head }, index) => [
      index,
      Math.max(head.length, ...rows.map((row) => row[index]?.length ?? 1)),
    ]),
  );
  let kept = columns.map((_column, index) => index);
  const excess = (): number =>
    kept.reduce((sum, index) => sum + widths.get(index)!, GAP.length * (kept.length - 1)) - width;
  /** Of its texts; what it cannot give, columns must. */
  const spare = (): number =>
    kept
      .filter((index) => columns[index]!.wraps)
      .reduce((sum, index) => sum + Math.max(0, widths.get(index)! - MIN_TEXT), 0);
  const droppable = columns
    .flatMap(({ drop }, index) => (drop === undefined ? [] : [{ drop, index }]))
    .sort((one, other) => one.drop - other.drop);
  for (const { index } of droppable) {
    if (excess() <= spare() / 2) break;
    kept = kept.filter((other) => other !== index);
  }
  const texts = kept.filter((index) => columns[index]!.wraps);
  while (excess() > 0 && spare() > 0) {
    const widest = texts.reduce((one, other) =>
      widths.get(other)! > widths.get(one)! ? other : one,
    );
    widths.set(widest, Math.max(MIN_TEXT, widths.get(widest)! - excess()));
  }
  return { kept, widths };
}

/** At words; a word longer than the line is cut. */
function wrapped(text: string, width: number): string[] {
  if (text.length <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= width) line = longer;
    else {
      if (line !== '') lines.push(line);
      line = word;
      for (; line.length > width; line = line.slice(width)) lines.push(line.slice(0, width));
    }
  }
  return [...lines, line];
}

function textOf(cell: Cell): string {
  if (typeof cell === 'number') return cell.toLocaleString('en');
  return cell === undefined || cell === '' ? '-' : cell;
}
