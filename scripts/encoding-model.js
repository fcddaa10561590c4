/**
 * Counts letter pairs by language and writes them to src/convert/read/encoding/model.ts.
 *
 *   node scripts/encoding-model.js <folder of unpacked packages> <jieba dict.txt> <words of IPADIC, one a line>
 *
 * The folder holds the npm packages cldr-{localenames,dates,units,annotations,subdivisions}-full (Unicode licence).
 * jieba (PyPI, MIT) and IPADIC (PyPI, NAIST's licence) rank the characters of Chinese and Japanese.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, jieba, ipadic] = process.argv.slice(2);
const PAIRS = {
  Latin:
    'en fr de es pt it nl sv da nb fi is ca gl eu ga sq et lv lt pl cs sk hu ro hr sl bs sr-Latn tr af vi',
  Cyrillic: 'ru uk be bg sr mk',
  Greek: 'el',
  Hebrew: 'he',
  Arabic: 'ar fa ur',
  Thai: 'th',
};
const RANKED = { Han: ['ja', 'zh', 'zh-Hant'], Hangul: ['ko'] };
const RANKS = 3000;
const LEAST_COUNT = 2;

/** All texts of a language in CLDR, keys left out. */
function texts(language) {
  const found = [];
  const collect = (value) => {
    if (typeof value === 'string') found.push(value);
    else if (value && typeof value === 'object') Object.values(value).forEach(collect);
  };
  for (const name of readdirSync(folder)) {
    for (const room of ['main', 'annotations', 'subdivisions']) {
      const place = join(folder, name, room, language);
      if (!existsSync(place)) continue;
      for (const file of readdirSync(place)) {
        const { identity: _identity, ...rest } = JSON.parse(
          readFileSync(join(place, file), 'utf8'),
        );
        collect(rest);
      }
    }
  }
  return found;
}

/** As the old code pages have them: Romanian with cedillas, Persian with the Arabic ye, Vietnamese tones apart. */
function asInCodePages(text, language) {
  if (language === 'ro') return text.replace(/ș/g, 'ş').replace(/ț/g, 'ţ');
  if (language === 'fa') return text.replace(/ی/g, 'ي');
  if (language !== 'vi') return text;
  return [...text]
    .map((letter) => {
      const tone = /[\u0300\u0301\u0303\u0309\u0323]/.exec(letter.normalize('NFD'))?.[0];
      if (tone === undefined) return letter;
      return letter.normalize('NFD').replace(tone, '').normalize('NFC') + tone;
    })
    .join('');
}

/** `pairs`: letter, letter and 48 + twice the binary logarithm of their count; a blank is the border of a word. */
function countPairs(language) {
  const words = new Set();
  for (const text of texts(language)) {
    const lower = text.replace(/İ/g, 'i').toLocaleLowerCase(language).normalize('NFC');
    for (const word of asInCodePages(lower, language).match(/[\p{L}\p{M}]+/gu) ?? [])
      words.add(word);
  }
  const pairs = new Map();
  const singles = new Map();
  for (const word of words) {
    const letters = ` ${word} `;
    for (let at = 1; at < letters.length; at += 1) {
      const [before, letter] = [letters[at - 1], letters[at]];
      singles.set(before, (singles.get(before) ?? 0) + 1);
      if (before < '\x80' && letter < '\x80') continue;
      pairs.set(before + letter, (pairs.get(before + letter) ?? 0) + 1);
    }
  }
  const written = (counts, least) =>
    [...counts]
      .filter(([, count]) => count >= least)
      .sort()
      .map(([key, count]) => key + String.fromCharCode(48 + Math.round(2 * Math.log2(count))))
      .join('');
  return { singles: written(singles, LEAST_COUNT), pairs: written(pairs, LEAST_COUNT) };
}

/** The most usual characters, best first. */
function ranked(language) {
  const counts = new Map();
  const add = (text, weight) => {
    for (const letter of text) {
      if (/[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}]/u.test(letter) && letter > '\u3004')
        counts.set(letter, (counts.get(letter) ?? 0) + weight);
    }
  };
  for (const text of new Set(texts(language))) add(text, 1);
  const own = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const lists = { zh: jieba, ja: ipadic };
  if (lists[language]) {
    const words = readFileSync(lists[language], 'utf8')
      .split('\n')
      .map((line) => line.split(' '));
    const weight = ([, count]) => Math.sqrt(Number(count ?? 1));
    const sum = words.reduce((total, word) => total + word[0].length * weight(word), 0);
    for (const word of words) add(word[0], (3 * own * weight(word)) / sum);
  }
  const best = [...counts].sort((a, b) => b[1] - a[1]).slice(0, RANKS);
  return best.map(([letter]) => letter).join('');
}

const pairs = Object.entries(PAIRS).flatMap(([script, languages]) =>
  languages.split(' ').map((language) => {
    const { singles, pairs } = countPairs(language);
    return [language, script, singles, pairs];
  }),
);
const ranks = Object.values(RANKED)
  .flat()
  .map((language) => [language, ranked(language)]);
/** Prettier's own form, so that the file passes as it is written. */
const listed = (entries) => entries.map((entry) => `  '${entry.join('|')}',\n`).join('');
writeFileSync(
  new URL('../src/convert/read/encoding/model.ts', import.meta.url),
  `/** What letters stand beside each other, by language: written by scripts/encoding-model.js, which names the sources. */

/** Language, script, letters and pairs of letters; behind each, as a character, 48 + twice the binary logarithm of its count. */
export const PAIRS: readonly string[] = [
${listed(pairs)}];

/** Language, and its characters by how usual they are. */
export const RANKED: readonly string[] = [
${listed(ranks)}];
`,
);
