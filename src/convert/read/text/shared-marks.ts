/** Finds what could separate fields though hardly anybody uses it: marks that stand equally often in nearly all lines. */

const LOOKED_LINES = 200;
const FEWEST_LINES = 2;
const SHARE = 0.8;
const LONGEST = 4;
const QUOTED = /"[^"]*"/g;
/** No letter, digit or blank, and no mark within words and numbers; the wide blank of East Asia is one. */
const MARKS = /(?:[^\p{L}\p{M}\p{N}\s"'.,;|:~^]|\u3000)+/gu;
/** Runs of usual ones, and of blanks: `;;`, `|||`. */
const RUNS = /([,;|:~^])\1+| {2,}(?=\S)/g;

/** Each with blanks beside it left to the fields. */
export function sharedMarks(text: string): string[] {
  const lines = text
    .split(/\r\n|\n|\r/, LOOKED_LINES)
    .filter((line) => line.trim() !== '')
    .map((line) => line.replaceAll(QUOTED, ''));
  if (lines.length < FEWEST_LINES) return [];
  const found = lines.map((line) => [...(line.match(MARKS) ?? []), ...(line.match(RUNS) ?? [])]);
  return [...new Set(found[0])].filter((mark) => {
    if (mark.length > LONGEST) return false;
    const times = (marks: readonly string[]): number => marks.filter((one) => one === mark).length;
    const usual = times(found[0]!);
    return found.filter((marks) => times(marks) === usual).length >= SHARE * lines.length;
  });
}
