/** Finds what stands above a table: comments, titles, blank lines. */
import type { Dialect } from './dialect.js';
import { areNumbers, hasHeader, isLikelyHeader, isSurelyHeader } from './header.js';

const MAX_PREAMBLE_LINES = 50;

export function linesOf(sample: Buffer, newline: Dialect['newline']): string[] {
  return sample.toString('utf8').split(newline === '\n' ? /\r*\n/ : '\r');
}

/**
 * The lines at the very start of a file that are comments: those with `#` where no other line starts with it. Further
 * down, beyond what has been looked at, `#` starts a record like any other.
 */
export function leadingComments(lines: readonly string[]): readonly string[] {
  const after = lines.findIndex((line) => !line.startsWith('#'));
  const rest = lines.slice(after);
  const areComments = rest.length > 1 && !rest.some((line) => line.startsWith('#'));
  return after > 0 && areComments ? lines.slice(0, after) : [];
}

/** True when the comment above the records names their columns: they do not, and it is no prose, `# Source: ...`. */
export function isCommentedHeader(
  comment: string,
  records: ReadonlyArray<readonly string[]>,
): boolean {
  if (records.length === 0 || isLikelyHeader(records)) return false;
  return !hasHeader(records) || /^#[^# ]/.test(comment);
}

/** How many of the records, each a list of its fields' texts, stand above a table of `usual` fields a record. */
export function preambleRecords(records: ReadonlyArray<readonly string[]>, usual: number): number {
  const count = shorterRecords(records, usual) || paddedTitles(records);
  return count <= MAX_PREAMBLE_LINES ? count : 0;
}

/** Before the first record with the usual number of fields, or one name short of it. */
function shorterRecords(records: ReadonlyArray<readonly string[]>, usual: number): number {
  if (usual <= 1) return 0;
  const first = records.findIndex((fields) => fields.length >= usual - 1 && fields.length > 1);
  return Math.max(first, 0);
}

/** Spreadsheets pad titles with delimiters: lines of one text at most, above what is surely a header. */
function paddedTitles(records: ReadonlyArray<readonly string[]>): number {
  const isTitle = (fields: readonly string[]): boolean => {
    const filled = fields.filter((text) => text.trim() !== '');
    return fields.length > 2 && filled.length <= 1 && !areNumbers(filled);
  };
  const titles = records.findIndex((fields) => !isTitle(fields));
  return titles > 0 && isSurelyHeader(records.slice(titles)) ? titles : 0;
}
