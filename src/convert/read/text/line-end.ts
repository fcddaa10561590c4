/** Tells what ends the lines of a file. */
import type { Dialect } from './dialect.js';
import type { Sample } from './sample.js';

/** `\r` alone when there are more of it than of `\n`, not counting those within quotes. */
export function lineEnd(
  { bytes }: Sample,
  { delimiter, quote, escape }: Pick<Dialect, 'delimiter' | 'quote' | 'escape'>,
): Dialect['newline'] {
  if (!bytes.includes(13)) return '\n';
  const text = bytes.toString('latin1');
  if (!/\r(?![\r\n])/.test(text)) return '\n';
  let returns = 0;
  let feeds = 0;
  let quoted = false;
  let startsField = true;
  for (let index = 0; index < text.length; index += 1) {
    const [char, next] = [text[index]!, text[index + 1] ?? ''];
    if (quoted) {
      if (char === escape && (next === quote || next === escape)) index += 1;
      else if (char === quote) quoted = false;
      continue;
    }
    if (startsField && char === quote) quoted = true;
    else if (char === '\n') feeds += 1;
    else if (char === '\r' && next !== '\r' && next !== '\n') returns += 1;
    startsField = char === delimiter.at(-1) || char === '\n' || char === '\r';
  }
  return returns > feeds ? '\r' : '\n';
}
