/** Finds delimiters that no list has, by how a file uses them: marks that stand equally often in nearly all lines. */

const LOOKED_LINES = 200;
const FEWEST_LINES = 2;
/** Of so few, half are enough. */
const FEW_LINES = 5;
const SHARE = 0.8;
const LONGEST = 4;
const QUOTED = /"[^"]*"|(?<![\p{L}\p{N}])'[^']*'(?![\p{L}\p{N}])/gu;
/** No letter, digit or blank, and no mark within words and numbers; the wide blank of East Asia is one. */
const MARKS = /(?:[^\p{L}\p{M}\p{N}\s"'.,;|:~^]|\u3000)+/gu;
/** Runs of usual ones, and of blanks: `;;`, `|||`. */
const RUNS = /([,;|:~^])\1+| {2,}(?=\S)/g;
/** One by one: beside a mark of its cells, or twice around one that is empty, a delimiter is no run of its own. */
const ALONE = /[^\p{L}\p{M}\p{N}\s"',;|:~^]|\u3000/gu;

/** Each with blanks beside it left to the fields. */
export function sharedMarks(text: string): string[] {
  const lines = text
    .split(/\r\n|\n|\r/, LOOKED_LINES)
    .filter((line) => line.trim() !== '')
    .map((line) => line.replaceAll(QUOTED, ''));
  if (lines.length < FEWEST_LINES) return [];
  const runs = lines.map((line) => [...(line.match(MARKS) ?? []), ...(line.match(RUNS) ?? [])]);
  const alone = lines.map((line) => line.match(ALONE) ?? []);
  return [...new Set([...shared(runs), ...shared(alone)])];
}

function shared(found: ReadonlyArray<readonly string[]>): string[] {
  return [...new Set(found[0])].filter((mark) => {
    if (mark.length > LONGEST) return false;
    const times = found.map((marks) => marks.filter((one) => one === mark).length);
    const isFew = found.length <= FEW_LINES && times.filter((count) => count > 0).length;
    if (isFew && isFew >= Math.max(FEWEST_LINES, found.length / 2)) return true;
    return times.filter((count) => count === times[0]).length >= SHARE * found.length;
  });
}
