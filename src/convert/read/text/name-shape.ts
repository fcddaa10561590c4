/** Tells a name from the values below it by its shape: digits, blanks, capitals, length. */
import type { Vote } from './header.js';

const SHAPES: ReadonlyArray<readonly [what: string, has: RegExp]> = [
  ['digits', /\d/],
  ['blanks', /\s/],
  ['marks', /[./:@,;&]/],
  ['capitals alone', /^[^\p{Ll}]*\p{Lu}[^\p{Ll}]*$/u],
  ['a capital at first', /^\p{Lu}/u],
  ['other letters than ASCII', /[^\x20-\x7e]/],
];
const UNIFORM = 0.97;

/** What all values have or lack, and the name does not. */
export function* anotherShape(
  name: string,
  where: string,
  below: readonly string[],
): Generator<Vote> {
  // They go together: a short text has fewer blanks and marks, too. Of few values, chance explains as much.
  let left = Math.min(3, Math.log((below.length + 2) / 2));
  for (const [what, has] of SHAPES) {
    const share = below.filter((text) => has.test(text)).length / below.length;
    const differs = has.test(name) ? share <= 1 - UNIFORM : share >= UNIFORM;
    if (!differs || left <= 0) continue;
    const weight = Math.min(1.5, left);
    left -= weight;
    yield { weight, because: `its values and its name differ in ${what}: ${where}` };
  }
  const lengths = below.map((text) => text.length).sort((a, b) => a - b);
  const [low, high] = [lengths[Math.floor(lengths.length * 0.03)]!, lengths.at(-1)!];
  const isFixed = high - low <= 1 && (name.length < low - 1 || name.length > high + 1);
  const isShorter = name.length < low / 2 || name.length > 2 * high;
  if ((isFixed || isShorter) && left > 0)
    yield {
      weight: Math.min(isFixed ? 2 : 1, left),
      because: `its values and its name differ in length: ${where}`,
    };
}
