/** Reads the name of a type as DuckDB spells it: `DECIMAL(18,3)`, `STRUCT(a INTEGER, "b c" VARCHAR[])`. */

/** A type without its nesting is its name, in capitals, with its numbers: `DECIMAL`, `[18, 3]`. */
export type DuckDbType =
  | { readonly kind: 'plain'; readonly name: string; readonly numbers: readonly number[] }
  | { readonly kind: 'list'; readonly element: DuckDbType }
  | { readonly kind: 'map'; readonly key: DuckDbType; readonly value: DuckDbType }
  | { readonly kind: 'struct'; readonly fields: readonly DuckDbField[] };

export interface DuckDbField {
  readonly name: string;
  readonly type: DuckDbType;
}

/** `undefined` for what is spelled in a way of its own, such as `UNION(...)` and `ENUM(...)`. */
export function parseDuckDbType(text: string): DuckDbType | undefined {
  const scanner = new Scanner(text);
  const type = readType(scanner);
  return scanner.isAtEnd ? type : undefined;
}

function readType(scanner: Scanner): DuckDbType | undefined {
  let type = readBare(scanner);
  while (type && scanner.take(/\[\d*\]/y) !== undefined) type = { kind: 'list', element: type };
  return type;
}

function readBare(scanner: Scanner): DuckDbType | undefined {
  if (scanner.take(/STRUCT\(/iy) !== undefined) return readStruct(scanner);
  if (scanner.take(/MAP\(/iy) !== undefined) {
    const key = readType(scanner);
    if (!key || scanner.take(/, */y) === undefined) return undefined;
    const value = readType(scanner);
    return value && scanner.take(/\)/y) !== undefined ? { kind: 'map', key, value } : undefined;
  }
  const name = scanner.take(/[A-Za-z_][A-Za-z0-9_]*(?: WITH TIME ZONE)?/iy);
  if (name === undefined) return undefined;
  const numbers = scanner.take(/\(\d+(?:, *\d+)*\)/y)?.match(/\d+/g) ?? [];
  return { kind: 'plain', name: name.toUpperCase(), numbers: numbers.map(Number) };
}

function readStruct(scanner: Scanner): DuckDbType | undefined {
  const fields: DuckDbField[] = [];
  do {
    const name = scanner.take(/"(?:[^"]|"")*"|[^\s"(),]+/y);
    if (name === undefined || scanner.take(/ /y) === undefined) return undefined;
    const type = readType(scanner);
    if (!type) return undefined;
    fields.push({ name: unquoted(name), type });
  } while (scanner.take(/, */y) !== undefined);
  return scanner.take(/\)/y) === undefined ? undefined : { kind: 'struct', fields };
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  /** What the sticky pattern finds right here. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}
