/** Finds the comments above a table: lines with `#` that are no records of it. */
import { findHeader, type Records } from './header.js';
import { splitRecord } from './fields.js';
import type { Candidate } from './candidates.js';
import { linesOf, type Sample } from './sample.js';

const HASH = 35;

/** The lines at the start of a file that begin with `#`, when others follow. */
export function leadingMarks(sample: Sample): readonly string[] {
  if (sample.bytes[0] !== HASH) return [];
  const lines = linesOf(sample, '\n');
  const after = lines.findIndex((line) => !line.startsWith('#'));
  const isAbove = after > 0 && lines.slice(after).some((line) => line.trim() !== '');
  return isAbove ? lines.slice(0, after) : [];
}

/**
 * How many of these lines are comments: those above the lowest that are records, as `#tag,count` is, and `#,Name`
 * above records that name nothing.
 */
export function commentLines(
  marked: readonly string[],
  { records, dialect, fields }: Pick<Candidate, 'records' | 'dialect' | 'fields'>,
): number {
  let below: Records = records;
  let comments = marked.length;
  while (comments > 0) {
    const line = marked[comments - 1]!;
    const texts = splitRecord(line, dialect).map(({ text }) => text);
    if (fields < 2 || texts.length !== fields || !isRecord(line, below)) break;
    below = [{ texts }, ...below];
    comments -= 1;
  }
  return comments;
}

/** Prose is none: `# Source: x, y`. */
function isRecord(line: string, below: Records): boolean {
  if (below.length === 0) return false;
  const { isHeader, certainty } = findHeader(below);
  if (isHeader && certainty !== 'guess') return false;
  return !isHeader || /^#[^# ]/.test(line);
}

/** What a line above the table is counted as. */
export type LineAbove = 'comment' | 'title' | 'blank';

/** One for each line above `line`, the first `comments` of them comments, those that are empty blank; `comment` begins others. */
export function linesAbove(
  lines: readonly string[],
  line: number,
  comments: number,
  comment = '',
): readonly LineAbove[] {
  return lines.slice(0, line - 1).map((text, index) => {
    if (text.trim() === '') return 'blank';
    const isComment = index < comments || (comment !== '' && text.startsWith(comment));
    return isComment ? 'comment' : 'title';
  });
}
