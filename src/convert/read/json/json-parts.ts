/** Splits JSON into the values at one level as a stream, so that its size does not matter. */
import { MAX_RECORD_BYTES } from '../record-length.js';
import { JsonScanner, type Mark } from './scanner.js';

export interface JsonPart {
  /** A value; a member of an object as an object of its own: `{"a": 1}`. */
  readonly raw: string;
  /** Where it begins, from 1. */
  readonly line: number;
  /** The member whose list it is in, where those of all members are wanted. */
  readonly member?: string;
}

export const CUT = 'the text ends too early: the file may be cut';

/** The values that follow each other, those of the one list or object, those of the list under a name of it, or of all its lists. */
export type Within = 'roots' | 'root' | 'lists' | { readonly member: string };

export interface PartsOptions {
  readonly within: Within;
  /** A comma behind the last value, or between values that follow each other: no JSON, but clear. */
  readonly onComma?: () => void;
  /** A list behind the one list: no JSON, but clear. @default an error */
  readonly onList?: () => void;
  /** To be called with the line of a value that is longer than a record may be; throws. */
  readonly tooLong?: (line: number) => void;
}

/** @throws SyntaxError when a value is missing, when the text does not end, or when something follows its end */
export async function* jsonParts(
  pieces: AsyncIterable<string>,
  options: PartsOptions,
): AsyncGenerator<JsonPart> {
  const parts = new Parts(options);
  for await (const piece of pieces) {
    yield* parts.push(piece);
  }
  parts.end();
}

class Parts {
  readonly #scanner = new JsonScanner();
  readonly #options: PartsOptions;
  /** At which level the wanted values stand. */
  readonly #level: number;
  #found: JsonPart[] = [];
  /** The text since the last mark that matters, of the pieces before this one. */
  #text = '';
  #line = 1;
  #state: 'before' | 'within' | 'behind';
  #values = 0;
  #isObject = false;
  #member: string | undefined;

  constructor(options: PartsOptions) {
    this.#options = options;
    this.#level = options.within === 'roots' ? 0 : options.within === 'root' ? 1 : 2;
    this.#state = this.#level === 0 ? 'within' : 'before';
  }

  push(piece: string): JsonPart[] {
    this.#found = [];
    let from = 0;
    /** The text up to a mark; what comes next begins behind it. */
    const take = (at: number, behind = at + 1): string => {
      const text = this.#text + piece.slice(from, at);
      this.#text = '';
      from = behind;
      return text;
    };
    this.#scanner.scan(piece, (mark, at) => {
      const { level } = this.#scanner;
      if (this.#level === 0) this.#root(mark, level, (end) => take(at + (end ? 1 : 0), at + 1));
      else if (this.#state === 'within') this.#value(mark, level, () => take(at));
      else this.#outside(mark, level, () => take(at));
    });
    // Where nothing is wanted, nothing is kept but the name of a member.
    const keeps = this.#state === 'within' || this.#scanner.level <= 1;
    this.#text = keeps ? this.#text + piece.slice(from) : '';
    if (this.#text.length > MAX_RECORD_BYTES) this.#options.tooLong?.(this.#line);
    return this.#found;
  }

  end(): void {
    if (this.#scanner.level > 0 || this.#state === 'before') {
      throw new SyntaxError(`line ${this.#scanner.line}: ${CUT}`);
    }
    if (this.#text.trim() !== '') throw new SyntaxError(`line ${this.#line}: more text at the end`);
  }

  #root(mark: Mark, level: number, take: (end: boolean) => string): void {
    if (mark === ',' && level === 0) {
      this.#mustBeBlank(take(false));
      this.#options.onComma?.();
    } else if (level === 0) this.#add(take(true));
  }

  #value(mark: Mark, level: number, take: () => string): void {
    const isEnd = level === this.#level - 1;
    if (!isEnd && (mark !== ',' || level !== this.#level)) return;
    const text = take();
    if (text.trim() !== '') this.#add(text);
    else if (!isEnd) throw new SyntaxError(`line ${this.#scanner.line}: a comma without a value`);
    else if (this.#values > 0) this.#options.onComma?.();
    if (isEnd) this.#state = 'behind';
    this.#line = this.#scanner.line;
  }

  #outside(mark: Mark, level: number, take: () => string): void {
    const opens = mark === '[' || mark === '{';
    if (this.#state === 'behind' && this.#level === 1) {
      const between = take();
      if (mark === '[' && this.#options.onList && between.trim() === '') {
        this.#options.onList();
        this.#state = 'within';
        this.#values = 0;
        this.#line = this.#scanner.line;
        return;
      }
      throw new SyntaxError(`line ${this.#scanner.line}: more text at the end`);
    }
    const text = take();
    const { within } = this.#options;
    if (!opens || level !== this.#level) return;
    if (this.#state === 'behind' && within !== 'lists') return;
    const name = this.#level === 2 ? nameOf(text) : undefined;
    if (typeof within === 'object' && name !== within.member) return;
    if (within === 'lists') this.#member = name;
    this.#state = 'within';
    this.#values = 0;
    this.#isObject = mark === '{';
    this.#line = this.#scanner.line;
  }

  #add(text: string): void {
    const blank = /^\s*/.exec(text)![0];
    const line = this.#line + blank.split('\n').length - 1;
    const raw = text.slice(blank.length).trimEnd();
    if (this.#level === 0 && !/^[[{]/.test(raw)) this.#mustBeBlank(raw.slice(0, 1));
    const member = this.#member;
    this.#found.push({
      ...{ raw: this.#isObject ? `{${raw}}` : raw, line },
      ...(member !== undefined && { member }),
    });
    this.#values += 1;
    this.#line = this.#scanner.line;
  }

  #mustBeBlank(text: string): void {
    if (text.trim() === '') return;
    throw new SyntaxError(`line ${this.#line}: text between the values`);
  }
}

/** Of a member, by the text in front of its value. */
export function nameOf(text: string): string | undefined {
  const [, name] = /("(?:[^"\\]|\\.)*")\s*:\s*$/s.exec(text) ?? [];
  return name === undefined ? undefined : (JSON.parse(name) as string);
}
