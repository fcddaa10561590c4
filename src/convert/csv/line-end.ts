/** Tells what ends the lines of a file. */
import type { Dialect } from './dialect.js';

/** `\r` alone when there are more of it than of `\n`, not counting those within quotes. */
export function lineEnd(text: string, quote: string): Dialect['newline'] {
  let returns = 0;
  let feeds = 0;
  let quoted = false;
  let before = '\n';
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index]!;
    // A quote opens a field at its start, or again when it was doubled.
    if (char === quote) quoted = !quoted && (before === quote || /[\n\r,;\t|: ]/.test(before));
    else if (!quoted && char === '\n') feeds += 1;
    else if (!quoted && char === '\r' && !/[\r\n]/.test(text[index + 1] ?? '')) returns += 1;
    before = char;
  }
  return returns > feeds ? '\r' : '\n';
}
