/** Fits text into the width of a terminal. */

export const LINE_WIDTH = 80;

/** Breaks at blanks; what follows the first line stands `indent` blanks in. A longer word keeps its line. */
export function wrap(text: string, indent: number, width = LINE_WIDTH): string {
  const start = /^ */.exec(text)![0];
  const [first = '', ...words] = text.slice(start.length).split(' ');
  const lines = [start + first];
  for (const word of words) {
    const line = `${lines.at(-1)!} ${word}`;
    if (line.length > width) lines.push(' '.repeat(indent) + word);
    else lines[lines.length - 1] = line;
  }
  return lines.map((line) => line.trimEnd()).join('\n');
}

/** Sentences on a terminal of so many columns; in a file or a pipe, which has none, each stays whole. */
export function prose(text: string, width: number | undefined): string {
  if (width === undefined) return text;
  return text
    .split('\n')
    .map((line) => wrap(line, 2, width))
    .join('\n');
}

/** At most so many characters, on one line: `a long na…`. */
export function cut(text: string, most: number): string {
  const characters = [...text.replaceAll(/\p{Cc}+/gu, ' ')];
  if (characters.length <= most) return characters.join('');
  return `${characters.slice(0, most - 1).join('')}…`;
}
