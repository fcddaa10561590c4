/** Reads a text file in UTF-8 or UTF-16, piece by piece. */
import { createReadStream } from 'node:fs';
import { readHead } from '../../unpack/container.js';

/** @throws SyntaxError for bytes that are not of the encoding: nothing is replaced in silence. */
export async function* textPieces(absolutePath: string): AsyncGenerator<string> {
  const encoding = wideEncoding(await readHead(absolutePath, 2)) ?? 'utf-8';
  const decoder = new TextDecoder(encoding, { fatal: true });
  let line = 1;
  const decode = (piece?: Buffer): string => {
    try {
      const text = piece ? decoder.decode(piece, { stream: true }) : decoder.decode();
      line += text.split('\n').length - 1;
      return text;
    } catch {
      const place = piece && encoding === 'utf-8' ? linesBefore(piece) : 0;
      throw new SyntaxError(`line ${line + place}: bytes that are not ${encoding.toUpperCase()}`);
    }
  };
  for await (const piece of createReadStream(absolutePath, { highWaterMark: 1 << 20 })) {
    yield decode(piece as Buffer);
  }
  yield decode();
}

/** By its mark; or by the first character of JSON, which is ASCII (RFC 4627, 3). */
export function wideEncoding(head: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  return (first === 0xfe && second === 0xff) || (first === 0 && second !== 0)
    ? 'utf-16be'
    : undefined;
}

/** How many lines of a piece are UTF-8, up to the first that is not. */
function linesBefore(piece: Buffer): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  // The piece may begin within a character.
  let at = 0;
  while (at < 3 && (piece[at]! & 0xc0) === 0x80) at += 1;
  for (let lines = 0; ; lines += 1) {
    const end = piece.indexOf(10, at) + 1;
    try {
      decoder.decode(piece.subarray(at, end === 0 ? undefined : end));
    } catch {
      return lines;
    }
    if (end === 0) return lines;
    at = end;
  }
}
