/** How often a property is tried, and with which cases: always the same ones, unless somebody searches for new ones. */

/** Any number does: it only has to stay, so that a run tells of the code and not of its luck. */
const SEED = 1970;

/** For `fc.assert`. With `FUZZ_RUNS` (`make fuzz`) as many cases, other ones each time; fast-check names the seed of a failure. */
export function propertyCases(usualRuns: number): { seed?: number; numRuns: number } {
  const fuzzRuns = process.env['FUZZ_RUNS'];
  if (fuzzRuns === undefined) return { seed: SEED, numRuns: usualRuns };
  const numRuns = Number(fuzzRuns);
  if (!Number.isInteger(numRuns) || numRuns < 1) {
    throw new Error(`FUZZ_RUNS must be a whole number above 0, found ${JSON.stringify(fuzzRuns)}.`);
  }
  return { numRuns };
}
