/** Takes one member out of the text of an object, piece by piece, so that its size does not matter. */
import { nameOf } from './json-parts.js';
import { JsonScanner } from './scanner.js';

/**
 * The value of the first member of that name that is a list or an object. What stands before it is given as the ends of its
 * lines, so that lines keep their numbers.
 */
export async function* memberPieces(
  pieces: AsyncIterable<string>,
  name: string,
): AsyncGenerator<string> {
  const scanner = new JsonScanner();
  let state: 'before' | 'within' | 'behind' = 'before';
  let label = '';
  for await (const piece of pieces) {
    let from = 0;
    let start = 0;
    let out = '';
    scanner.scan(piece, (mark, at) => {
      const { level } = scanner;
      const opens = mark === '[' || mark === '{';
      if (state === 'before' && level === 2 && opens) {
        if (nameOf(label + piece.slice(from, at)) !== name) return;
        state = 'within';
        start = at;
        out = linesOf(piece.slice(0, at));
      } else if (state === 'before' && level <= 1) {
        label = '';
        from = at + 1;
      } else if (state === 'within' && level === 1 && !opens && mark !== ',') {
        out += piece.slice(start, at + 1);
        state = 'behind';
      }
    });
    // An assertion: TypeScript does not see that the visits change it.
    const now = state as 'before' | 'within' | 'behind';
    if (now === 'within') out += piece.slice(start);
    else if (now === 'before') out = linesOf(piece);
    if (out !== '') yield out;
    if (now === 'behind') return;
    label = scanner.level === 1 ? label + piece.slice(from) : '';
  }
}

function linesOf(text: string): string {
  return text.replace(/[^\n]+/g, '');
}
