/** Finds what stands above a table: comments, titles, blank lines. */
import { areNumbers, isSurelyHeader } from './header.js';

const MAX_PREAMBLE_LINES = 50;

export function linesOf(sample: Buffer): string[] {
  return sample.toString('utf8').split(/\r*\n|\r/);
}

/** `#` lines at the very start of a file whose other lines do not start with it. */
export function leadingComment(sample: Buffer): string | undefined {
  const lines = linesOf(sample);
  if (!lines[0]?.startsWith('#')) return undefined;
  const after = lines.findIndex((line) => !line.startsWith('#'));
  const rest = lines.slice(after);
  return after > 0 && rest.length > 1 && !rest.some((line) => line.startsWith('#'))
    ? '#'
    : undefined;
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
