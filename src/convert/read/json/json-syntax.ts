/** Checks the grammar of JSON (RFC 8259), with the liberties that common writers take. */
import type { Remark } from '../record.js';

/** What stood in a text that is no JSON, but clear. */
export class Liberties {
  /** Python's json writes them: https://docs.python.org/3/library/json.html#infinite-and-nan-number-values */
  notFinite = 0;
  /** Behind the last value of a list or an object, or between values that follow each other. */
  commas = 0;
  /** Behind the first, where one list is all that JSON allows. */
  lists = 0;

  *remarks(): Generator<Remark> {
    if (this.notFinite > 0) {
      yield {
        remark: `NaN and Infinity are read as the numbers that Python writes so: ${this.notFinite}`,
      };
    }
    if (this.commas > 0) {
      yield { remark: `commas with no value behind them are passed over: ${this.commas}` };
    }
    if (this.lists > 0) {
      yield { remark: `lists that follow each other are read as one: ${this.lists + 1}` };
    }
  }
}

/** One token, with what is blank before it: a mark, a string, a number, a word, what only Python writes. */
const TOKEN =
  /[ \t\n\r]*(?:([[\]{},:])|("(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true\b|false\b|null\b)|(NaN\b|-?Infinity\b))/y;
const BLANK = /[ \t\n\r]*/y;

const BEHIND = 'more text behind the value';

type Wanted = 'value' | 'first value' | 'name' | 'first name' | 'colon' | 'comma';

/**
 * One value as a whole.
 * @param line Where the text begins in its file.
 * @throws SyntaxError with line and column, and no word of the text
 */
export function checkJson(text: string, liberties: Liberties, line = 1): void {
  try {
    JSON.parse(text);
  } catch {
    checkSlowly(text, liberties, line);
  }
}

function checkSlowly(text: string, liberties: Liberties, line: number): void {
  const open: Array<'[' | '{'> = [];
  let wanted: Wanted = 'value';
  let at = 0;
  for (;;) {
    if (wanted === 'comma' && open.length === 0) {
      BLANK.lastIndex = at;
      at += BLANK.exec(text)![0].length;
      if (at === text.length) return;
      throw problem(text, line, at, BEHIND);
    }
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text);
    if (!token) {
      BLANK.lastIndex = at;
      throw problem(text, line, at + BLANK.exec(text)![0].length, `expected ${EXPECTED[wanted]}`);
    }
    const [whole, mark, string, plain, notFinite] = token;
    const wrong = (): SyntaxError =>
      problem(
        text,
        line,
        at + whole.length - whole.trimStart().length,
        `expected ${EXPECTED[wanted]}`,
      );
    const isValue = wanted === 'value' || wanted === 'first value';
    const isName = wanted === 'name' || wanted === 'first name';
    const container = open.at(-1);
    if (mark === ']' || mark === '}') {
      if (container !== (mark === ']' ? '[' : '{') || wanted === 'colon') throw wrong();
      if (container === '{' && isValue) throw wrong();
      // `[1,]` and `{"a":1,}`: a value was announced that does not come.
      if (wanted === 'value' || wanted === 'name') liberties.commas += 1;
      open.pop();
      wanted = 'comma';
    } else if (mark === ',') {
      if (wanted !== 'comma') throw wrong();
      wanted = container === '[' ? 'value' : 'name';
    } else if (mark === ':') {
      if (wanted !== 'colon') throw wrong();
      // Not `value`: behind a colon one must come, and `}` is refused above.
      wanted = 'value';
    } else if (mark !== undefined) {
      if (!isValue) throw wrong();
      open.push(mark as '[' | '{');
      wanted = mark === '[' ? 'first value' : 'first name';
    } else if (isName) {
      if (string === undefined) throw wrong();
      wanted = 'colon';
    } else {
      if (!isValue) throw wrong();
      if (notFinite !== undefined) liberties.notFinite += 1;
      else if (string === undefined && plain === undefined) throw wrong();
      wanted = 'comma';
    }
    at += whole.length;
  }
}

const EXPECTED: Readonly<Record<Wanted, string>> = {
  value: 'a value',
  'first value': 'a value or "]"',
  name: 'a name in quotes',
  'first name': 'a name in quotes or "}"',
  colon: 'a colon',
  comma: 'a comma or the end of the list or object',
};

function problem(text: string, line: number, at: number, what: string): SyntaxError {
  const before = text.slice(0, at).split('\n');
  const found = at >= text.length ? ', found the end' : '';
  return new NotJson(
    `line ${line + before.length - 1}, column ${before.at(-1)!.length + 1}: ${what}${found}`,
    text.slice(at),
  );
}

class NotJson extends SyntaxError {
  constructor(
    message: string,
    /** From the first character that is none of JSON. */
    readonly rest: string,
  ) {
    super(message);
  }
}

const UNFINISHED = /^("(?:[^"\\]|\\[^])*\\?|[-+\w.]{0,30})$/;

/** Whether nothing in the start of a text is against the grammar: it may be cut anywhere, and other values may follow. */
export function mayBeJson(start: string): boolean {
  try {
    checkJson(start, new Liberties());
    return true;
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    const isBehind = error.message.endsWith(BEHIND);
    return UNFINISHED.test(error.rest) || (isBehind && /^[[{,]/.test(error.rest));
  }
}

/** Nothing but empty lists and objects, in a list or by name. `text` is all of it. */
export function isWithoutRecords(text: string): boolean {
  const names = /(?<=[{,]\s*)"(?:[^"\\]|\\[^])*"\s*:/g;
  const bare = text.replace(names, '').replace(/\s/g, '');
  const empty = /\[(?:\{\}|\[\])(?:,(?:\{\}|\[\]))*\]|\[\]|\{\}/g;
  return /^(\[\]|\{\}|\{E(,E)*\}|E)$/.test(bare.replace(empty, 'E'));
}
