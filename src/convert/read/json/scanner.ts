/** Walks over the text of JSON piece by piece, and stops where its structure changes. */

const NEWLINE = 10;
const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const OPEN_OBJECT = 123;
const CLOSE_LIST = 93;
const CLOSE_OBJECT = 125;
const COMMA = 44;

export type Mark = '[' | '{' | ']' | '}' | ',';

const MARKS: Readonly<Record<number, Mark>> = {
  ...{ [OPEN_LIST]: '[', [OPEN_OBJECT]: '{', [CLOSE_LIST]: ']', [CLOSE_OBJECT]: '}', [COMMA]: ',' },
};

export class JsonScanner {
  /** How many lists and objects are open, behind the mark. */
  level = 0;
  /** From 1. */
  line = 1;
  #inString = false;
  #isEscaped = false;

  /**
   * Calls `visit` for each mark outside of strings, in order.
   * @throws SyntaxError for a list or an object that ends without having begun
   */
  scan(piece: string, visit: (mark: Mark, at: number) => void): void {
    for (let at = 0; at < piece.length; at += 1) {
      const code = piece.charCodeAt(at);
      if (code === NEWLINE) this.line += 1;
      if (this.#inString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (code === BACKSLASH) this.#isEscaped = true;
        else if (code === QUOTE) this.#inString = false;
        continue;
      }
      if (code === QUOTE) this.#inString = true;
      const mark = MARKS[code];
      if (mark === undefined) continue;
      if (mark === '[' || mark === '{') this.level += 1;
      else if (mark !== ',') this.level -= 1;
      if (this.level < 0) throw new SyntaxError(`line ${this.line}: "${mark}" closes nothing`);
      visit(mark, at);
    }
  }
}
