/** Makes a UTF-8 copy of a text in another encoding, and refuses what is no text in it. */
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import iconv from 'iconv-lite';
import { ImportError } from '../../errors/index.js';

const REPLACEMENT = '\uFFFD';
const CHUNK_BYTES = 1 << 20;

/**
 * A byte order mark is not copied.
 * Throws ENCODING_UNDECODABLE, with the line, for an unknown encoding and for bytes that mean nothing in it.
 */
export async function transcode(
  file: string,
  place: string,
  copyTo: string,
  { encoding, evidence }: { readonly encoding: string; readonly evidence: string },
  signal: AbortSignal,
): Promise<void> {
  let line = 1;
  const undecodable = (where: string): ImportError =>
    new ImportError('ENCODING_UNDECODABLE', {
      place: `${place}${where}`,
      expected: `text in ${encoding} (${evidence})`,
      found: 'bytes that mean nothing in it',
    });
  const decode = decoderOf(encoding);
  const encode = (piece: string): Buffer => {
    const broken = piece.indexOf(REPLACEMENT);
    line += piece.slice(0, broken === -1 ? undefined : broken).split('\n').length - 1;
    if (broken !== -1) throw undecodable(`:${line}`);
    return Buffer.from(piece, 'utf8');
  };
  await pipeline(
    createReadStream(file, { signal, highWaterMark: CHUNK_BYTES }),
    async function* (chunks: AsyncIterable<Buffer>) {
      try {
        for await (const chunk of chunks) yield encode(decode.write(chunk));
        yield encode(decode.end());
      } catch (error) {
        // UTF-16 fails as a whole chunk.
        throw error instanceof TypeError ? undecodable(`, after line ${line}`) : error;
      }
    },
    createWriteStream(copyTo),
    { signal },
  );
}

interface Decoder {
  write(chunk: Buffer): string;
  end(): string;
}

/** The platform's own for UTF-16: it joins pairs that two chunks divide, and refuses halves of them. */
function decoderOf(encoding: string): Decoder {
  if (/^utf-?16-?(le|be)$/i.test(encoding)) {
    const decoder = new TextDecoder(/be$/i.test(encoding) ? 'utf-16be' : 'utf-16le', {
      fatal: true,
    });
    return {
      write: (chunk) => decoder.decode(chunk, { stream: true }),
      end: () => decoder.decode(),
    };
  }
  const decoder = iconv.getDecoder(encoding);
  return { write: (chunk) => decoder.write(chunk), end: () => decoder.end() ?? '' };
}
