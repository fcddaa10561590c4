/** Says how sure the likeliest reading is, and shows how the others would read. */
import type { Alternative, Certainty, Decision } from '../decision.js';
import type { Reading } from './readings.js';

/**
 * In nats between the likeliest reading and the next, for so many and for each word that they read differently:
 * a language that the model knows badly is wrong by a little in each. Calibrated by test/convert/encodings.test.ts.
 */
const MARGINS = { sure: { once: 20, word: 0.05 }, likely: { once: 9.5, word: 0.02 } };
/** Times as far ahead: where one letter alone is read differently, one mistake of the model about it adds up by every word. */
const ONE_LETTER = 3;
/** In nats a place: real words cost less, and what costs more is in no language that the model knows. */
const LIKE_A_LANGUAGE = { letters: 4.6, characters: 10 };
/** Letters beside each other: of fewer, chance makes anything. */
const LEAST_PLACES = 6;
const EAST_ASIAN = /^(ja|zh|ko)/;
/** In nats: readings so far behind are not worth a word. */
const WORTH_TELLING = 12;
const SHOWN_READINGS = 3;
const SHOWN_WORDS = 3;
const SHOWN_CHARACTERS = 40;

/** By chance, words in another encoding are UTF-8 now and then, and never so often beside one that is not. */
const MOSTLY_UTF8 = { share: 2, sureShare: 20, characters: 4 };

export function decisionOf(
  ordered: readonly Reading[],
  counted: { readonly utf8: number; readonly other: number },
): Decision {
  const asUtf8 = ordered.find(({ encodings }) => encodings[0] === 'utf-8');
  const isMostlyUtf8 =
    counted.utf8 >= MOSTLY_UTF8.share * counted.other || (asUtf8 && readsAsUtf8(asUtf8));
  const utf8 = isMostlyUtf8 ? asUtf8 : undefined;
  const readings = utf8 ? [utf8, ...ordered.filter((one) => one !== utf8)] : ordered;
  // Of all words in UTF-8, few may be so by chance: then another reading is likelier.
  const isByChance = counted.other === 0 && ordered[0] !== utf8;
  const isSurelyUtf8 = utf8 && !isByChance && counted.utf8 >= MOSTLY_UTF8.sureShare * counted.other;
  const [best, next] = readings as [Reading, Reading | undefined];
  const chosen = best.encodings[0]!;
  const places = placesToShow(best, next);
  const alternatives = readings
    .slice(1, 1 + SHOWN_READINGS)
    .filter((one) => one === next || one.cost - best.cost < WORTH_TELLING)
    .map(({ encodings, texts }): Alternative => ({
      chosen: encodings[0]!,
      rows: places.map((place) => [shown(texts[place]!)]),
    }));
  return {
    ...{
      about: 'encoding',
      chosen,
      certainty: isSurelyUtf8 ? 'sure' : certaintyOf(best, next),
      alternatives,
    },
    evidence: evidenceOf(best, counted, places),
    pin: `csv: {encoding: ${chosen}}`,
  };
}

/** The one broken word of a file may be long. */
function readsAsUtf8({ texts }: Reading): boolean {
  const characters = [...texts.join('')].filter((character) => character > '\x7f');
  const broken = characters.filter((character) => character === '\ufffd').length;
  return characters.length - broken >= MOSTLY_UTF8.characters * broken;
}

function certaintyOf(best: Reading, next: Reading | undefined): Certainty {
  const different = next
    ? best.texts.filter((text, index) => text !== next.texts[index]).length
    : 0;
  const margin = next ? next.cost - best.cost : Infinity;
  const times = next && differInOneLetter(best.texts, next.texts) ? ONE_LETTER : 1;
  const clears = ({ once, word }: { once: number; word: number }): boolean =>
    margin >= times * (once + word * different);
  const limit = EAST_ASIAN.test(best.language)
    ? LIKE_A_LANGUAGE.characters
    : LIKE_A_LANGUAGE.letters;
  if (best.encodings[0] !== 'utf-8' && best.cost > limit * best.places) return 'guess';
  if (best.places < LEAST_PLACES) return 'guess';
  if (clears(MARGINS.sure)) return 'sure';
  return clears(MARGINS.likely) ? 'likely' : 'guess';
}

function differInOneLetter(texts: readonly string[], others: readonly string[]): boolean {
  const pairs = new Set<string>();
  for (const [index, text] of texts.entries()) {
    const other = others[index]!;
    if (text === other) continue;
    if (text.length !== other.length) return false;
    for (let at = 0; at < text.length; at += 1)
      if (text[at] !== other[at]) pairs.add(`${text[at]}${other[at]}`);
    if (pairs.size > 1) return false;
  }
  return pairs.size === 1;
}

/** Where the two likeliest readings differ first. */
function placesToShow(best: Reading, next: Reading | undefined): readonly number[] {
  const places: number[] = [];
  for (const [index, text] of best.texts.entries()) {
    if (places.length < SHOWN_WORDS && text !== next?.texts[index]) places.push(index);
  }
  return places;
}

function evidenceOf(
  { encodings, texts, language }: Reading,
  { utf8, other }: { readonly utf8: number; readonly other: number },
  places: readonly number[],
): string {
  if (encodings[0] === 'utf-8')
    return `${utf8} of ${utf8 + other} words beyond ASCII are UTF-8${other === 0 ? ', as those of another encoding may be by chance' : ''}`;
  const examples = places.map((place) => JSON.stringify(shown(texts[place]!))).join(', ');
  const like = language === '' ? '' : `, likest to the language "${language}"`;
  const same = encodings.length > 1 ? `, the same as in ${encodings.slice(1, 3).join(', ')}` : '';
  return `${utf8 + other} words beyond ASCII${like}, read as ${examples}${same}`;
}

function shown(text: string): string {
  const characters = [...text];
  if (characters.length <= SHOWN_CHARACTERS) return text;
  return `${characters.slice(0, SHOWN_CHARACTERS).join('')}…`;
}
