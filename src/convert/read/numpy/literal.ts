/** Reads what Python's `repr` writes of texts, numbers, tuples, lists and dictionaries: the header of a NumPy file. */
import { Damage } from '../binary/damage.js';

export type Literal = string | number | boolean | null | Literal[] | Map<string, Literal>;

const TOKEN =
  /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(-?\d+)L?|(True|False|None)|([()[\]{},:]))/y;
const WORDS: Readonly<Record<string, boolean | null>> = { True: true, False: false, None: null };
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const DEEPEST = 20;

/** @throws Damage */
export function parseLiteral(text: string): Literal {
  let at = 0;
  const next = (): RegExpExecArray => {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (!found) throw new Damage('a header that is no dictionary of Python');
    at = TOKEN.lastIndex;
    return found;
  };
  const isNext = (mark: string): boolean => {
    const before = at;
    if (next()[5] === mark) return true;
    at = before;
    return false;
  };
  const value = (depth: number): Literal => {
    const [, single, double, number, word, mark] = next();
    const quoted = single ?? double;
    if (quoted !== undefined) return quoted.replaceAll(/\\(['"\\])/g, '$1');
    if (number !== undefined) return Number(number);
    if (word !== undefined) return WORDS[word]!;
    const closing = CLOSING[mark!];
    if (closing === undefined || depth > DEEPEST)
      throw new Damage('a header that is no dictionary of Python');
    const list: Literal[] = [];
    const members = new Map<string, Literal>();
    while (!isNext(closing)) {
      const one = value(depth + 1);
      if (closing !== '}') list.push(one);
      else if (typeof one === 'string' && isNext(':')) members.set(one, value(depth + 1));
      else throw new Damage('a header that is no dictionary of Python');
      if (!isNext(',') && !isNext(closing)) throw new Damage('a header without its end');
      else if (text[at - 1] === closing) break;
    }
    return closing === '}' ? members : list;
  };
  return value(0);
}
