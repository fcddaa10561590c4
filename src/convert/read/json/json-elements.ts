/** Splits a JSON array into its elements as a stream, so that its size does not matter. */

/**
 * Raw text of each element of the array that `pieces` spell.
 * @throws SyntaxError when the array does not end, or when something follows it
 */
export async function* jsonElements(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let ended = false;
  let current = '';
  let elements = 0;
  let wantsElement = false;
  for await (const piece of pieces) {
    let start = 0;
    for (let at = 0; at < piece.length; at++) {
      const character = piece[at]!;
      if (inString) {
        if (escaped) escaped = false;
        else if (character === '\\') escaped = true;
        else if (character === '"') inString = false;
        continue;
      }
      if (ended) {
        if (character.trim() !== '') throw new SyntaxError('more text after the end of the array');
        continue;
      }
      if (character === '"') inString = true;
      else if (character === '[' || character === '{') {
        if (depth++ === 0) start = at + 1;
      } else if (character === ']' || character === '}') depth--;
      const atEnd = depth === 0 && character === ']';
      if (atEnd || (depth === 1 && character === ',')) {
        current += piece.slice(start, at);
        start = at + 1;
        if (current.trim() !== '') {
          elements++;
          yield current.trim();
        } else if (!atEnd || wantsElement || (elements > 0 && !atEnd)) {
          throw new SyntaxError('a comma without an element');
        }
        wantsElement = !atEnd;
        current = '';
        ended = atEnd;
      }
    }
    if (!ended) current += piece.slice(start);
  }
  if (!ended) throw new SyntaxError('the array does not end: the file may be cut');
}
