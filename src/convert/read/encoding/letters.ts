/** What kind of character stands somewhere, as far as it speaks for or against a reading. */

export type Kind =
  'letter' | 'border' | 'symbol' | 'opening' | 'closing' | 'apostrophe' | 'unlikely' | 'nothing';

export interface Letter {
  readonly kind: Kind;
  /** Lower case; a blank for what separates words. */
  readonly lower: string;
  readonly case: 'upper' | 'lower' | 'none';
  readonly script: string;
  readonly ascii: boolean;
  /** In nats, for what is no letter. */
  readonly cost: number;
}

const SCRIPTS: ReadonlyArray<readonly [script: string, pattern: RegExp]> = [
  ['Latin', /\p{Script=Latin}/u],
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Greek', /\p{Script=Greek}/u],
  ['Hebrew', /\p{Script=Hebrew}/u],
  ['Arabic', /\p{Script=Arabic}/u],
  ['Thai', /\p{Script=Thai}/u],
  ['EastAsian', /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー々]/u],
];
/** Combining marks of any script go with the letter before. */
const MARK = /\p{M}/u;
const OPENING = '“„‘‚«¿¡£©§‹「『（【《';
const CLOSING = '”»®™²³ºª°›」』）】》½¼¾';
const USUAL = '–—…•·€µ×±†´\u00a0、。，・：！？～；';
const COSTS = { usual: 6, rare: 11, drawn: 13, none: 18 };

const known = new Map<string, Letter>();

export function letterOf(character: string): Letter {
  let letter = known.get(character);
  if (!letter) {
    letter = look(character);
    known.set(character, letter);
  }
  return letter;
}

export const BORDER: Letter = {
  ...{ kind: 'border', lower: ' ', case: 'none', script: '', ascii: true, cost: 0 },
};

function look(character: string): Letter {
  const ascii = character < '\x80';
  if (MARK.test(character) || /\p{L}/u.test(character)) {
    const script = SCRIPTS.find(([, pattern]) => pattern.test(character))?.[0];
    const isUpper = /\p{Lu}/u.test(character);
    const isLower = /\p{Ll}/u.test(character);
    const lower = character === 'İ' ? 'i' : character.toLowerCase();
    // ª and º are letters to Unicode, and ordinals to everyone.
    if (!OPENING.includes(character) && !CLOSING.includes(character) && character !== 'µ') {
      return {
        kind: 'letter',
        lower: /[\uff61-\uff9f]/.test(character) ? character : lower.normalize('NFC'),
        case: isUpper ? 'upper' : isLower ? 'lower' : 'none',
        script: script ?? (MARK.test(character) ? 'mark' : 'other'),
        ...{ ascii, cost: 0 },
      };
    }
  }
  if (ascii) return /\p{Cc}/u.test(character) ? of('unlikely', COSTS.none) : BORDER;
  if (character === '’') return of('apostrophe', COSTS.usual);
  if (OPENING.includes(character)) return of('opening', COSTS.usual);
  if (CLOSING.includes(character)) return of('closing', COSTS.usual);
  if (USUAL.includes(character)) return of('symbol', COSTS.usual);
  if (character === '\ufffd') return of('nothing', COSTS.none);
  if (/[\p{Cc}\p{Co}\p{Cn}\p{Cs}]/u.test(character)) return of('unlikely', COSTS.none);
  return of('symbol', /[\u2300-\u25ff]/.test(character) ? COSTS.drawn : COSTS.rare);
}

function of(kind: Kind, cost: number): Letter {
  return { kind, lower: ' ', case: 'none', script: '', ascii: false, cost };
}
