/** Finds delimiters that no list has, by how a file uses them: marks that stand equally often in nearly all lines. */

const LOOKED_LINES = 200;
const FEWEST_LINES = 2;
/** Of so few, half are enough; and a title may stand above so many. */
const FEW_LINES = 5;
const SHARE = 0.8;
/** Where the first line has as many of them as most do: notes may stand below. */
const SHARE_BELOW_NAMES = 0.5;
const LONGEST = 4;
const QUOTED = /"[^"]*"|(?<![\p{L}\p{N}])'[^']*'(?![\p{L}\p{N}])/gu;
/** No letter, digit or blank, and no mark within words and numbers; the wide blank of East Asia is one. */
const MARKS = /(?:[^\p{L}\p{M}\p{N}\s"'.,;|:~^]|\u3000)+/gu;
/** Runs of usual ones, and of blanks: `;;`, `|||`. */
const RUNS = /([,;|:~^])\1+| {2,}(?=\S)/g;
/** One by one: beside a mark of its cells, or twice around one that is empty, a delimiter is no run of its own. */
const ALONE = /[^\p{L}\p{M}\p{N}\s"',;|:~^]|\u3000/gu;

/** Below a name without one, a part of each value: of codes, of addresses. */
export const MARKS_OF_CODES = ['-', '_', '/', '#', '+', '=', '*', '@', '(', ')', '[', ']'];

/** Each with blanks beside it left to the fields. */
export function sharedMarks(text: string): string[] {
  const byLine = linesOf(text).map((line) => line.replaceAll(QUOTED, ''));
  const lines = byLine.filter((line) => line.trim() !== '');
  // What is quoted may go over several lines, unless a quote is a character like any other.
  const records = linesOf(text.replaceAll(QUOTED, '')).filter((line) => line.trim() !== '');
  return [...new Set([...sharedBy(lines), ...sharedBy(records)])];
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|\n|\r/, LOOKED_LINES);
}

function sharedBy(lines: readonly string[]): string[] {
  if (lines.length < FEWEST_LINES) return [];
  const runs = lines.map((line) => [...(line.match(MARKS) ?? []), ...(line.match(RUNS) ?? [])]);
  const alone = lines.map((line) => line.match(ALONE) ?? []);
  return [...shared(runs), ...shared(alone)];
}

function shared(found: ReadonlyArray<readonly string[]>): string[] {
  return [...new Set(found.slice(0, FEW_LINES).flat())].filter((mark) => {
    if (mark.length > LONGEST) return false;
    const times = found.map((marks) => marks.filter((one) => one === mark).length);
    const present = times.filter((count) => count > 0).length;
    const isTelling =
      times[0]! > 0 ||
      !MARKS_OF_CODES.includes(mark) ||
      times.slice(1, FEW_LINES).some((count) => count > 1);
    if (!isTelling || present < FEWEST_LINES) return false;
    if (found.length <= FEW_LINES && present >= found.length / 2) return true;
    const [usual, lines] = usualTimes(times);
    return lines >= (times[0] === usual ? SHARE_BELOW_NAMES : SHARE) * found.length;
  });
}

/** How many of them most lines have, of those with any, and how many lines do. */
function usualTimes(times: readonly number[]): readonly [times: number, lines: number] {
  const counts = new Map<number, number>();
  for (const count of times) if (count > 0) counts.set(count, (counts.get(count) ?? 0) + 1);
  return [...counts].reduce((most, one) => (one[1] > most[1] ? one : most));
}
