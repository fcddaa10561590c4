/** Finds text that an encoding writes back at another length than it was read from: some have two spellings of a character. */
import iconv from 'iconv-lite';
import { sourceLength } from './measure.js';

/** A line of the copy, 16 bytes of memory each. */
export interface Respelled {
  /** Byte of the copy where it starts. */
  readonly at: number;
  /** So many more bytes has it in the source than in the usual spelling; less than 0 if it has fewer. */
  readonly bytes: number;
}

export const FEED = 10;
export const RETURN = 13;

/** `bytes` are whole lines, which start at byte `from` of the copy. */
export function* respelledLines(
  bytes: Buffer,
  encoding: string,
  from: number,
): Generator<Respelled> {
  let at = from;
  for (const line of linesOf(bytes)) {
    const text = iconv.decode(line, encoding, { stripBOM: at === 0 });
    const difference = line.length - sourceLength(text, encoding);
    if (difference !== 0) yield { at, bytes: difference };
    at += Buffer.byteLength(text);
  }
}

function* linesOf(bytes: Buffer): Generator<Buffer> {
  let start = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] !== FEED && bytes[at] !== RETURN) continue;
    yield bytes.subarray(start, at + 1);
    start = at + 1;
  }
  if (start < bytes.length) yield bytes.subarray(start);
}
