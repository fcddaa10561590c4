/** Says how unlikely a reading of words is: the letters beside each other, by language, and what does not belong. */
import { languages } from './language.js';
import { BORDER, letterOf, type Letter } from './letters.js';

export interface Score {
  /** In nats; the less, the likelier. */
  readonly cost: number;
  /** Places that were looked at. */
  readonly places: number;
  /** Of the script that has the most of them; empty when there are no letters. */
  readonly language: string;
}

/** In nats, each tried on names and words of thirty languages. */
const COSTS = {
  lowerThenUpper: 7,
  twoUppersThenLower: 3,
  firstUpper: 0.5,
  otherScript: 10,
  otherRegion: 5,
  amongLetters: 5,
  /** Of an ASCII letter: what a reading saves that takes it for part of a character. */
  asciiLetter: 3,
};

/** `asciiBytes` counts those of the words as they stand; `region` is whose languages are usual in the encoding. */
export function scoreOf(texts: readonly string[], asciiBytes: number, region?: string): Score {
  const pairs = new Map<string, Map<string, number>>();
  let cost = 0;
  let places = 0;
  let asciiLetters = 0;
  for (const text of texts) {
    let before = BORDER;
    let beforeThat = BORDER;
    for (const character of text) {
      const letter = letterOf(character);
      if (character < '\x80') asciiLetters += 1;
      step(beforeThat, before, letter);
      beforeThat = before;
      before = letter;
    }
    step(beforeThat, before, BORDER);
  }
  cost += (asciiBytes - asciiLetters) * COSTS.asciiLetter;
  const spoken = bestLanguages(pairs, region);
  return { cost: cost + spoken.cost, places, language: spoken.language };

  function step(beforeThat: Letter, before: Letter, letter: Letter): void {
    if (before.ascii && letter.ascii) {
      if (!beforeThat.ascii) cost += caseCost(beforeThat, before, letter);
      return;
    }
    places += 1;
    cost += letter.cost + symbolCost(before, letter) + caseCost(beforeThat, before, letter);
    const script = scriptOf(before, letter);
    if (script === '') return;
    let counts = pairs.get(script);
    if (!counts) pairs.set(script, (counts = new Map<string, number>()));
    const pair = before.lower + letter.lower;
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
    if (isOtherScript(before, letter)) cost += COSTS.otherScript;
  }
}

function symbolCost(before: Letter, letter: Letter): number {
  if (before.kind === 'opening' && letter.kind === 'border') return 2;
  if (letter.kind === 'opening' && before.kind === 'letter') return COSTS.amongLetters;
  if (before.kind === 'closing' && letter.kind === 'letter') return COSTS.amongLetters;
  if (letter.kind === 'apostrophe' && before.kind !== 'letter') return 2;
  if (before.kind === 'symbol' && letter.kind === 'letter') return 2;
  if (letter.kind === 'symbol' && before.kind === 'letter') return 2;
  if (letter.script === 'mark' && before.kind !== 'letter') return COSTS.otherScript;
  return 0;
}

function caseCost(beforeThat: Letter, before: Letter, letter: Letter): number {
  if (before.case === 'lower' && letter.case === 'upper') return COSTS.lowerThenUpper;
  if (beforeThat.case === 'upper' && before.case === 'upper' && letter.case === 'lower')
    return COSTS.twoUppersThenLower;
  return before.kind !== 'letter' && letter.case !== 'none' ? COSTS.firstUpper : 0;
}

function scriptOf(before: Letter, letter: Letter): string {
  if (!letter.ascii && letter.kind === 'letter') {
    return letter.script === 'mark' ? before.script : letter.script;
  }
  return before.script === 'mark' ? 'Latin' : before.script;
}

function isOtherScript(before: Letter, letter: Letter): boolean {
  if (before.kind !== 'letter' || letter.kind !== 'letter') return false;
  if (before.script === 'mark' || letter.script === 'mark') return false;
  return before.script !== letter.script;
}

/** Words in several scripts are in several languages, those in one are taken for one. */
function bestLanguages(
  pairs: ReadonlyMap<string, ReadonlyMap<string, number>>,
  region: string | undefined,
): { readonly cost: number; readonly language: string } {
  let cost = 0;
  let language = '';
  let most = 0;
  for (const [script, counts] of pairs) {
    const sum = [...counts.values()].reduce((total, count) => total + count, 0);
    const best = bestOf(script, counts, region) ?? { cost: UNKNOWN_SCRIPT * sum, language: '' };
    cost += best.cost;
    if (sum > most) ({ language } = best);
    most = Math.max(most, sum);
  }
  return { cost, language };
}

/** Of a letter whose script has no language in the model. */
const UNKNOWN_SCRIPT = 12;

function bestOf(
  script: string,
  counts: ReadonlyMap<string, number>,
  region: string | undefined,
): { cost: number; language: string } | undefined {
  let best: { cost: number; language: string } | undefined;
  for (const { language, cost, script: own, region: usualIn } of languages()) {
    if (own !== script) continue;
    let sum =
      script === 'Latin' && region !== undefined && region !== usualIn ? COSTS.otherRegion : 0;
    for (const [pair, count] of counts) {
      const [before, letter] = [...pair] as [string, string];
      sum += count * cost(before, letter);
    }
    if (!best || sum < best.cost) best = { cost: sum, language };
  }
  return best;
}
