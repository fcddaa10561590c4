/** As many lines of a message as a receiver takes; the whole of it is in the catalog. */
import { firstCharacters } from '../first-characters.js';
import type { Alert } from './alert.js';

/** For the last line, which says how many are left out. */
const RESERVE = 200;
/** Less of a line says nothing. */
const WORTH_CUTTING = 100;

/** @param size - of a text as the receiver counts it, with all that is put around it */
export function fitted(
  { title, lines }: Alert,
  limit: number,
  size: (text: string) => number,
): readonly string[] {
  const sum = lines.reduce((all, line) => all + size(line), size(title));
  if (sum <= limit) return lines;
  let left = limit - size(title) - RESERVE;
  const kept: string[] = [];
  for (const line of lines) {
    if (size(line) > left) {
      if (left > WORTH_CUTTING) kept.push(cut(line, left, size));
      break;
    }
    kept.push(line);
    left -= size(line);
  }
  const more = lines.length - kept.length;
  if (more === 0) return kept;
  return [...kept, `... and ${more} more ${more === 1 ? 'line' : 'lines'}: kaggle-import status`];
}

function cut(line: string, limit: number, size: (text: string) => number): string {
  let [fits, all] = [0, line.length];
  while (fits < all) {
    const half = Math.ceil((fits + all) / 2);
    if (size(`${line.slice(0, half)}…`) <= limit) fits = half;
    else all = half - 1;
  }
  return `${firstCharacters(line, fits)}…`;
}
