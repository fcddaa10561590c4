/** All ways to read the words beyond ASCII of a file, the likeliest first. */
import { CANDIDATES, decode, type Candidate } from './candidates.js';
import type { Word } from './foreign-words.js';
import { scoreOf } from './score.js';

export interface Reading {
  /** The encodings that make this of the words, the most usual first. */
  readonly encodings: readonly string[];
  /** One a word, in their order. */
  readonly texts: readonly string[];
  /** In nats: one that costs 3 more is about 20 times less likely. */
  readonly cost: number;
  /** Places that the cost is made of. */
  readonly places: number;
  readonly language: string;
}

/** Enough to tell which encodings are out of the question, in nats behind the best. */
const FIRST_WORDS = 120;
const OUT_OF_QUESTION = 80;
/** So many stay in any case, to be told of. */
const KEPT_READINGS = 4;

export function readingsOf(words: readonly Word[]): readonly Reading[] {
  const first = readAs(CANDIDATES, words.slice(0, FIRST_WORDS));
  if (words.length <= FIRST_WORDS) return first;
  const left = first
    .filter(({ cost }, index) => index < KEPT_READINGS || cost < first[0]!.cost + OUT_OF_QUESTION)
    .flatMap(({ encodings }) => encodings);
  return readAs(
    CANDIDATES.filter(({ encoding }) => left.includes(encoding)),
    words,
  );
}

function readAs(candidates: readonly Candidate[], words: readonly Word[]): readonly Reading[] {
  const asciiBytes = words.reduce((sum, { bytes }) => sum + asciiIn(bytes), 0);
  const groups = new Map<string, { group: Candidate[]; texts: string[] }>();
  for (const candidate of candidates) {
    const texts = words.map(({ bytes }) => decode(candidate, bytes));
    const key = texts.join('\n');
    const same = groups.get(key);
    if (same) same.group.push(candidate);
    else groups.set(key, { group: [candidate], texts });
  }
  const readings = [...groups.values()].map(({ group, texts }): Reading => {
    const [usual] = group as [Candidate];
    const score = scoreOf(texts, asciiBytes, usual.region);
    const encodings = group.map(({ encoding }) => encoding);
    return { ...score, encodings, texts, cost: score.cost + usual.cost };
  });
  const utf8 = damagedUtf8(words, asciiBytes);
  return [...readings, ...(utf8 ? [utf8] : [])].sort((one, other) => one.cost - other.cost);
}

/** Only where some of the bytes are UTF-8. What is broken in the others counts against it. */
function damagedUtf8(words: readonly Word[], asciiBytes: number): Reading | undefined {
  const texts = words.map(({ bytes }) => bytes.toString());
  if (!texts.some((text) => FOREIGN.test(text))) return undefined;
  return { ...scoreOf(texts, asciiBytes), encodings: ['utf-8'], texts };
}

/** A character beyond ASCII that could be read. */
const FOREIGN = /[^\0-\x7f\ufffd]/;

function asciiIn(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if (byte < 0x80) count += 1;
  return count;
}
