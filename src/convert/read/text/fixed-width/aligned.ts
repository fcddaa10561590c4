/** Tells lines whose columns stand below each other, made so with blanks. */

const LOOKED_LINES = 100;
const FEWEST_LINES = 2;

/** A place where something begins in every line, or ends, and where more than one blank keeps it so in some. */
export function areAligned(lines: readonly string[]): boolean {
  const looked = lines.slice(0, LOOKED_LINES).map((line) => line.trimEnd());
  if (looked.length < FEWEST_LINES || !looked.every((line) => /\S\s/.test(line))) return false;
  const begins = looked.map((line) => placesOf(line, /(?<=\S[ \t]+)(?=\S)/g));
  const ends = looked.map((line) => placesOf(line, /(?<=\S)(?=[ \t]+\S|$)/g));
  return [begins, ends].some((places) =>
    [...places[0]!].some(
      (at) =>
        places.every((own) => own.has(at)) &&
        looked.some((line) => /\S[ \t]{2,}$/.test(line.slice(0, beginOf(line, at)))),
    ),
  );
}

function placesOf(line: string, where: RegExp): Set<number> {
  return new Set([...line.matchAll(where)].map(({ index }) => index));
}

/** Of the word that stands at this place, or ends there. */
function beginOf(line: string, at: number): number {
  const before = line.slice(0, at);
  return /\S$/.test(before) ? before.search(/\S+$/) : at;
}
