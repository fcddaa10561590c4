/** Tables of a few lines, read as `read-source.ts` reads files. */
import { readSource, type Reading } from './read-source.js';

/** A text of so many lines. */
export const lines = (count: number, line: (n: number) => string): string =>
  Array.from({ length: count }, (_none, n) => `${line(n)}\n`).join('');

/** Throws where it is refused. */
export async function read(text: string): Promise<Reading> {
  const reading = await readSource(Buffer.from(text), 'doubt.csv');
  if ('refused' in reading) throw new Error(reading.refused);
  return reading;
}
