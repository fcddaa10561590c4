/** Cuts a text that is too long to show, never within what a reader sees as one character. */

/** Belongs to what stands before it: half of a pair, a mark above a letter, the colour of a skin, a joiner. */
const CONTINUES = /^[\p{M}\p{Emoji_Modifier}\u{DC00}-\u{DFFF}\u200d]/u;
const JOINER = '\u200d';
const HALF = /[\u{D800}-\u{DBFF}]$/u;
/** Nobody's character is made of more: marks without end would leave nothing. */
const LONGEST = 64;

/** The text itself, or its start of at most so many UTF-16 code units. */
export function firstCharacters(text: string, most: number): string {
  if (text.length <= most) return text;
  let end = most;
  while (end > 0 && most - end < LONGEST && isWithin(text, end)) end -= 1;
  return text.slice(0, end).replace(HALF, '');
}

function isWithin(text: string, at: number): boolean {
  return text[at - 1] === JOINER || CONTINUES.test(text.slice(at, at + 2));
}
