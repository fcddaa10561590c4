/** Rows of a table for people: as many columns as the terminal has room for, and the names of the others. */
import stringWidth from 'string-width';

/** NULL, which no text can look like. */
const NOTHING = '∅';
const WIDEST_CELL = 32;
const NARROW = 80;

export interface Rows {
  readonly names: readonly string[];
  /** As text; `null` for NULL. */
  readonly rows: readonly (readonly (string | null)[])[];
}

/** `columns`: of the terminal; undefined where output goes elsewhere, and every column is shown. */
export function rowsText({ names, rows }: Rows, columns: number | undefined): string {
  const cells = [names, ...rows].map((row) => row.map(cellText));
  const widths = names.map((_name, at) => Math.max(...cells.map((row) => stringWidth(row[at]!))));
  const shown = columns === undefined ? names.length : howManyFit(widths, columns || NARROW);
  const right = names.map((_name, at) => rows.length > 0 && rows.every((row) => isNumber(row[at])));
  const lines = cells.map((row) =>
    row
      .slice(0, shown)
      .map((cell, at) => pad(cell, widths[at]!, right[at]!))
      .join('  ')
      .trimEnd(),
  );
  const rule = '-'.repeat(Math.max(0, ...lines.map((line) => stringWidth(line))));
  const hidden = names.slice(shown);
  return [
    ...[lines[0]!, rule, ...lines.slice(1)],
    ...(hidden.length > 0 ? [`... and ${hidden.length} more columns: ${listed(hidden)}`] : []),
  ].join('\n');
}

function howManyFit(widths: readonly number[], columns: number): number {
  let used = -2;
  const over = widths.findIndex((width) => (used += width + 2) > columns);
  return over === -1 ? widths.length : Math.max(1, over);
}

const LISTED = 12;

function listed(names: readonly string[]): string {
  const first = names.slice(0, LISTED).map(cellText).join(', ');
  return names.length > LISTED ? `${first}, ...` : first;
}

/** One line, without what would move the cursor. */
function cellText(value: string | null): string {
  if (value === null) return NOTHING;
  const line = value.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, (found) => ESCAPES[found] ?? '\uFFFD');
  const characters = [...line];
  return characters.length > WIDEST_CELL
    ? `${characters.slice(0, WIDEST_CELL - 1).join('')}…`
    : line;
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function isNumber(value: string | null | undefined): boolean {
  return value === null || /^-?\d[\d.]*(e[-+]?\d+)?$/i.test(value ?? '');
}

function pad(text: string, width: number, toTheRight: boolean): string {
  const blanks = ' '.repeat(width - stringWidth(text));
  return toTheRight ? blanks + text : text + blanks;
}
