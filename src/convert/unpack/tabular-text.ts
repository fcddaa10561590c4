/** Tells tables from running text in files whose extension leaves both open. */

const DELIMITERS = ['\t', ',', ';', '::', '|'] as const;
const SAMPLE_LINES = 50;

/** Share of the lines that must agree on the number of fields. */
const AGREEMENT = 0.9;

/**
 * True when at least two lines, and nine of ten, split into the same number of fields, two or more, or hold
 * numbers in columns.
 * Quoted fields are taken out first, so that a comma in a quoted text does not count.
 */
export function looksTabular(head: Buffer): boolean {
  const text = head.toString(head[0] === 0xff && head[1] === 0xfe ? 'utf16le' : 'latin1');
  if (text.includes('\0')) return false;
  const lines = text.split(/\r\n|\n|\r/);
  // The last line of a sample may be cut.
  if (lines.length > 2) lines.pop();
  const sample = lines
    .filter((line) => line.trim() !== '')
    .slice(0, SAMPLE_LINES)
    .map((line) => line.replace(/"(?:[^"]|"")*"/g, ''));
  if (sample.length < 2) return false;
  return (
    DELIMITERS.some((delimiter) => agree(sample.map((line) => line.split(delimiter).length))) ||
    isAligned(sample)
  );
}

/** Numbers in columns of blanks; words between blanks are running text. */
function isAligned(lines: readonly string[]): boolean {
  const rows = lines.map((line) => line.trim().split(/\s+/));
  const cells = rows.flat();
  const numbers = cells.filter((cell) => cell !== '' && Number.isFinite(Number(cell))).length;
  return numbers >= AGREEMENT * cells.length && agree(rows.map((row) => row.length));
}

function agree(counts: readonly number[]): boolean {
  const usual = [...counts].sort((a, b) => a - b)[Math.floor(counts.length / 2)]!;
  return usual > 1 && counts.filter((count) => count === usual).length >= AGREEMENT * counts.length;
}
