/** Makes a UTF-8 copy of a text in another encoding, and refuses what is no text in it. */
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ImportError } from '../../../errors/index.js';
import { decoderOf } from './decoder.js';
import type { Respelled } from './respelled.js';

const CHUNK_BYTES = 1 << 20;

/**
 * A byte order mark at the start is not copied; one anywhere else is a character like others. Gives the lines that
 * are spelled in an unusual way, in order.
 * Throws ENCODING_UNDECODABLE, with the line, for bytes that mean nothing in the encoding.
 */
export async function transcode(
  file: string,
  place: string,
  copyTo: string,
  { encoding, evidence }: { readonly encoding: string; readonly evidence: string },
  signal: AbortSignal,
): Promise<readonly Respelled[]> {
  const respelled: Respelled[] = [];
  let line = 1;
  const undecodable = (where: string): ImportError =>
    new ImportError('ENCODING_UNDECODABLE', {
      place: `${place}${where}`,
      expected: `text in ${encoding} (${evidence})`,
      found: 'bytes that mean nothing in it',
    });
  const decoder = decoderOf(encoding, respelled);
  const encode = (piece: string): Buffer => {
    const broken = decoder.brokenAt(piece);
    line += piece.slice(0, broken === -1 ? undefined : broken).split('\n').length - 1;
    if (broken !== -1) throw undecodable(`:${line}`);
    return Buffer.from(piece, 'utf8');
  };
  await pipeline(
    createReadStream(file, { signal, highWaterMark: CHUNK_BYTES }),
    async function* (chunks: AsyncIterable<Buffer>) {
      try {
        for await (const chunk of chunks) yield encode(decoder.write(chunk));
        yield encode(decoder.end());
      } catch (error) {
        // UTF-16 fails as a whole chunk.
        throw error instanceof TypeError ? undecodable(`, after line ${line}`) : error;
      }
    },
    createWriteStream(copyTo),
    { signal },
  );
  return respelled;
}
