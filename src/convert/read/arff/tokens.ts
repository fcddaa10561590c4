/** Takes lines of ARFF apart: values between commas, quoted ones unescaped (Weka's manual, "ARFF"; what it leaves open as liac-arff does it). */

export interface Token {
  readonly text: string;
  /** `'?'` is a value, `?` is none. */
  readonly isQuoted: boolean;
}

/** What is wrong with a line, in words. */
export class ArffFault extends Error {}

const QUOTES = new Set(['"', "'"]);
const ESCAPES: Readonly<Record<string, string>> = {
  ...{ n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' },
};
const ESCAPE = /\\(u[0-9a-fA-F]{4}|[0-7]{1,3}|[^])/g;

/** A quoted text is a token of its own wherever a value may begin. @throws ArffFault */
export function tokensOf(line: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at = skipBlanks(line, at);
    const isQuoted = QUOTES.has(line[at] ?? '');
    if (isQuoted) {
      const end = quoteEnd(line, at);
      tokens.push({ text: unescape(line.slice(at + 1, end)), isQuoted });
      at = skipBlanks(line, end + 1);
      if (at < line.length && line[at] !== ',') throw new ArffFault('a text behind a quoted one');
    } else {
      const comma = line.indexOf(',', at);
      const end = comma === -1 ? line.length : comma;
      tokens.push({ text: line.slice(at, end).trimEnd(), isQuoted });
      at = end;
    }
    if (at >= line.length) return tokens;
    at += 1;
  }
}

/** Weka takes blanks for commas: `5.1 3.5 'a b'`. @throws ArffFault */
export function tokensBetweenBlanks(line: string): Token[] {
  const tokens: Token[] = [];
  for (let at = skipBlanks(line, 0); at < line.length; at = skipBlanks(line, at)) {
    if (line[at] === ',') at += 1;
    else {
      const { token, end } = tokenAt(line, at);
      tokens.push(token);
      at = end;
    }
  }
  return tokens;
}

/** One token, up to a blank or a comma: names of attributes. @throws ArffFault */
export function tokenAt(line: string, at: number, ends = /[\s,]/g): { token: Token; end: number } {
  if (QUOTES.has(line[at] ?? '')) {
    const end = quoteEnd(line, at);
    return { token: { text: unescape(line.slice(at + 1, end)), isQuoted: true }, end: end + 1 };
  }
  ends.lastIndex = at;
  const end = ends.exec(line)?.index ?? line.length;
  return { token: { text: line.slice(at, end), isQuoted: false }, end };
}

function quoteEnd(line: string, start: number): number {
  for (let at = start + 1; at < line.length; at += 1) {
    if (line[at] === '\\') at += 1;
    else if (line[at] === line[start]) return at;
  }
  throw new ArffFault('a quote that does not end in its line');
}

function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(ESCAPE, (_whole, escaped: string) => {
    if (/^u[^]{4}$/.test(escaped)) return String.fromCharCode(parseInt(escaped.slice(1), 16));
    if (/^[0-7]+$/.test(escaped)) return String.fromCharCode(parseInt(escaped, 8));
    return ESCAPES[escaped] ?? escaped;
  });
}

function skipBlanks(line: string, at: number): number {
  while (at < line.length && line.charCodeAt(at) <= 32) at += 1;
  return at;
}
