/** How unlikely two letters beside each other are, in each language that the model knows. */
import iconv from 'iconv-lite';
import { PAIRS, RANKED } from './model.js';

/** The costs are in nats: the natural logarithm of how many pairs there are to one such. */
export interface Language {
  readonly language: string;
  /** Where its code pages come from: languages of one region share their encodings. */
  readonly region: string;
  readonly script: string;
  readonly cost: (before: string, letter: string) => number;
}

/** Weight of the language's letters when few pairs have been counted. */
const SMOOTHING = 4;
const UNSEEN = 0.03;
/** Of the words of a file, those in another language of its script. */
const FOREIGN = 0.08;
const LEAST = 1e-6;
/** Names from the neighbours are this much more frequent than those from afar. */
const NEIGHBOUR = 4;

const REGIONS: Readonly<Record<string, string>> = {
  ...region('central', 'pl cs sk hu ro hr sl bs sr-Latn sq'),
  ...region('baltic', 'et lv lt'),
  ...region('turkish', 'tr'),
  ...region('vietnamese', 'vi'),
};

function region(name: string, ofLanguages: string): Record<string, string> {
  return Object.fromEntries(ofLanguages.split(' ').map((language) => [language, name]));
}

let loaded: readonly Language[] | undefined;

export function languages(): readonly Language[] {
  loaded ??= [...withPairs(), ...withRanks()];
  return loaded;
}

function withPairs(): Language[] {
  const chances = PAIRS.map((line) => {
    const [language, script, singles, pairs] = line.split('|') as [string, string, string, string];
    const counts = counted(singles, 1);
    const sum = [...counts.values()].reduce((total, count) => total + count, 0);
    return { language, script, chance: chanceOf(counts, counted(pairs, 2), sum) };
  });
  return chances.map(({ language, script, chance }) => {
    const own = REGIONS[language] ?? 'western';
    const others = chances
      .filter((one) => one.script === script)
      .map((one) => ({
        ...one,
        weight: (REGIONS[one.language] ?? 'western') === own ? NEIGHBOUR : 1,
      }));
    const weights = others.reduce((sum, { weight }) => sum + weight, 0);
    const costs = new Map<string, number>();
    return {
      language,
      region: own,
      script,
      cost(before, letter) {
        const key = before + letter;
        let cost = costs.get(key);
        if (cost === undefined) {
          const foreign =
            others.reduce((sum, one) => sum + one.weight * one.chance(before, letter), 0) / weights;
          cost = -Math.log((1 - FOREIGN) * chance(before, letter) + FOREIGN * foreign + LEAST);
          costs.set(key, cost);
        }
        return cost;
      },
    };
  });
}

function counted(text: string, length: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let at = 0; at < text.length; at += length + 1) {
    const twiceLogarithm = text.charCodeAt(at + length) - 48;
    counts.set(text.slice(at, at + length), 2 ** (twiceLogarithm / 2));
  }
  return counts;
}

function chanceOf(
  singles: ReadonlyMap<string, number>,
  pairs: ReadonlyMap<string, number>,
  sum: number,
): (before: string, letter: string) => number {
  return (before, letter) => {
    const alone = (singles.get(letter) ?? UNSEEN) / sum;
    const together = pairs.get(before + letter) ?? 0;
    return (together + SMOOTHING * alone) / ((singles.get(before) ?? 0) + SMOOTHING);
  };
}

/** Characters that each standard counts among the usual ones, by the bytes of their first row and last. */
const USUAL_ROWS: Readonly<Record<string, readonly [encoding: string, from: number, to: number]>> =
  {
    ja: ['shift_jis', 0x88, 0x97],
    zh: ['gb18030', 0xb0, 0xd7],
    'zh-Hant': ['big5', 0xa4, 0xc6],
    ko: ['euc-kr', 0xb0, 0xc8],
  };
const RANK_OFFSET = 30;
const SHARES = { ranked: 0.93, usual: 0.06, other: 0.002 };
const OTHERS = 20_000;
const OTHER_COST = -Math.log(SHARES.other / OTHERS);
/** Found in old bank files, and wherever Latin letters are taken for Japanese. */
const HALF_WIDTH = /[\uff61-\uff9f]/;

function withRanks(): Language[] {
  return RANKED.map((line) => {
    const [language, ranks] = line.split('|') as [string, string];
    const letters = [...ranks];
    const scale = SHARES.ranked / Math.log(letters.length / RANK_OFFSET + 1);
    const usual = usualLetters(...USUAL_ROWS[language]!);
    const costs = new Map<string, number>();
    for (const letter of usual) costs.set(letter, SHARES.usual / usual.size);
    for (const [rank, letter] of letters.entries()) {
      costs.set(letter, (costs.get(letter) ?? 0) + scale / (rank + RANK_OFFSET));
    }
    for (const [letter, chance] of costs) costs.set(letter, -Math.log(chance));
    const cost = (_before: string, letter: string): number => {
      if (letter === ' ') return 1;
      return HALF_WIDTH.test(letter) ? OTHER_COST / 1.5 : (costs.get(letter) ?? OTHER_COST);
    };
    return { language, region: 'eastern', script: 'EastAsian', cost };
  });
}

function usualLetters(encoding: string, from: number, to: number): ReadonlySet<string> {
  const letters = new Set<string>();
  for (let first = from; first <= to; first += 1) {
    for (let second = 0x40; second < 0xff; second += 1) {
      const letter = iconv.decode(Buffer.from([first, second]), encoding);
      if (letter.length === 1 && letter !== '\ufffd') letters.add(letter);
    }
  }
  return letters;
}
