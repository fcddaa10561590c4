/** Reads a text file in UTF-8 or, by its byte order mark, UTF-16, piece by piece. */
import { createReadStream } from 'node:fs';
import { readHead } from '../../unpack/container.js';

/** @throws TypeError for bytes that are not of the encoding: nothing is replaced in silence. */
export async function* textPieces(absolutePath: string): AsyncGenerator<string> {
  const [first, second] = await readHead(absolutePath, 2);
  const encoding =
    first === 0xff && second === 0xfe
      ? 'utf-16le'
      : first === 0xfe && second === 0xff
        ? 'utf-16be'
        : 'utf-8';
  const decoder = new TextDecoder(encoding, { fatal: true });
  for await (const piece of createReadStream(absolutePath, { highWaterMark: 1 << 20 })) {
    yield decoder.decode(piece as Buffer, { stream: true });
  }
  yield decoder.decode();
}
