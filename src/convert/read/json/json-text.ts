/** Takes JSON apart without changing a digit: values stay the text that the source has. */

/**
 * Members of an object as name and raw value text. `json` must be valid.
 * @throws SyntaxError for some texts that are not
 */
export function objectMembers(json: string): Array<[name: string, raw: string]> {
  const members: Array<[string, string]> = [];
  let at = skipSpace(json, json.indexOf('{') + 1);
  while (json[at] !== '}') {
    const nameEnd = valueEnd(json, at);
    if (nameEnd === at) throw new SyntaxError('not JSON');
    const name = textOf(json.slice(at, nameEnd));
    at = skipSpace(json, skipSpace(json, nameEnd) + 1);
    const end = valueEnd(json, at);
    members.push([name, json.slice(at, end)]);
    at = skipSpace(json, end);
    if (json[at] === ',') at = skipSpace(json, at + 1);
  }
  return members;
}

/** Elements of an array as raw text. `json` must be valid. */
export function arrayElements(json: string): string[] {
  const elements: string[] = [];
  let at = skipSpace(json, json.indexOf('[') + 1);
  while (json[at] !== ']') {
    const end = valueEnd(json, at);
    if (end === at) throw new SyntaxError('not JSON');
    elements.push(json.slice(at, end));
    at = skipSpace(json, end);
    if (json[at] === ',') at = skipSpace(json, at + 1);
  }
  return elements;
}

/**
 * What a raw value is in a cell: strings unescaped, `null` NULL, everything else its own text.
 * @throws SyntaxError as `textOf`
 */
export function cellOf(raw: string): string | null {
  if (raw === 'null') return null;
  return raw.startsWith('"') ? textOf(raw) : raw;
}

/** @throws SyntaxError for half of a surrogate pair: no UTF-8 can hold it, and it would be replaced in silence. */
function textOf(raw: string): string {
  const text = JSON.parse(raw) as string;
  if (raw.includes('\\u') && /\p{Surrogate}/u.test(text)) {
    throw new SyntaxError('half of a surrogate pair');
  }
  return text;
}

function skipSpace(json: string, at: number): number {
  while (at < json.length && json.charCodeAt(at) <= 32) at++;
  return at;
}

function valueEnd(json: string, start: number): number {
  let depth = 0;
  let at = start;
  for (;;) {
    const character = json[at];
    if (character === '"') {
      at++;
      while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
      at++;
      if (depth === 0) return at;
    } else if (character === '{' || character === '[') {
      depth++;
      at++;
    } else if (character === '}' || character === ']') {
      if (depth === 0) return at;
      at++;
      if (--depth === 0) return at;
    } else if (depth === 0 && (character === ',' || character === undefined || character <= ' ')) {
      return at;
    } else if (character === undefined) {
      throw new SyntaxError('unexpected end of JSON');
    } else at++;
  }
}
