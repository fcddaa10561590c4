/** Decodes a text piece by piece, and tells where bytes mean nothing: none is replaced in silence. */
import iconv from 'iconv-lite';
import { sourceLength } from './measure.js';
import { FEED, respelledLines, RETURN, type Respelled } from './respelled.js';

export interface Decoder {
  /** Throws TypeError for bytes that are not of the encoding, where they are not replaced. */
  write(chunk: Buffer): string;
  end(): string;
  /** Where bytes of a decoded piece meant nothing; -1 when all did. */
  brokenAt(piece: string): number;
}

const REPLACEMENT = '\uFFFD';

/** What is written back at another length than it was read from is noted in `respelled`, in order. */
export function decoderOf(encoding: string, respelled: Respelled[]): Decoder {
  if (/^utf-?16-?(le|be)$/i.test(encoding)) return utf16(/be$/i.test(encoding));
  if (/^utf-?32-?(le|be)$/i.test(encoding)) return utf32(/be$/i.test(encoding));
  return isOneByteEach(encoding) ? oneByteEach(encoding) : lineByLine(encoding, respelled);
}

const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_x, byte) => byte));

function isOneByteEach(encoding: string): boolean {
  return iconv.decode(EVERY_BYTE, encoding, { stripBOM: false }).length === EVERY_BYTE.length;
}

function oneByteEach(encoding: string): Decoder {
  const decoder = iconv.getDecoder(encoding);
  return {
    write: (chunk) => decoder.write(chunk),
    end: () => decoder.end() ?? '',
    brokenAt: (piece) => piece.indexOf(REPLACEMENT),
  };
}

/** No character goes beyond a line, and no record begins within one. */
function lineByLine(encoding: string, respelled: Respelled[]): Decoder {
  let waiting: Buffer[] = [];
  let at = 0;
  let last: Buffer = Buffer.alloc(0);
  const read = (bytes: Buffer): string => {
    last = bytes;
    const text = iconv.decode(bytes, encoding, { stripBOM: at === 0 });
    if (sourceLength(text, encoding) !== bytes.length)
      for (const one of respelledLines(bytes, encoding, at)) respelled.push(one);
    at += Buffer.byteLength(text);
    return text;
  };
  return {
    write(chunk) {
      const end = Math.max(chunk.lastIndexOf(FEED), chunk.lastIndexOf(RETURN)) + 1;
      // A copy: the piece itself may be reused.
      const rest = Buffer.from(chunk.subarray(end));
      if (end === 0) {
        waiting.push(rest);
        return '';
      }
      const lines = Buffer.concat([...waiting, chunk.subarray(0, end)]);
      waiting = [rest];
      return read(lines);
    },
    end: () => read(Buffer.concat(waiting)),
    brokenAt(piece) {
      const place = piece.indexOf(REPLACEMENT);
      // GB 18030 has bytes for U+FFFD itself.
      return place === -1 || iconv.encode(piece, encoding).equals(last) ? -1 : place;
    },
  };
}

/** The platform's own: it joins pairs that two chunks divide, and refuses halves of them. U+FFFD is a character. */
function utf16(big: boolean): Decoder {
  const decoder = new TextDecoder(big ? 'utf-16be' : 'utf-16le', { fatal: true });
  return {
    write: (chunk) => decoder.decode(chunk, { stream: true }),
    end: () => decoder.decode(),
    brokenAt: () => -1,
  };
}

/** Four bytes a character; iconv-lite drops an incomplete last one without a word. */
function utf32(big: boolean): Decoder {
  let rest: Buffer = Buffer.alloc(0);
  let started = false;
  return {
    write(chunk) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const complete = bytes.length - (bytes.length % 4);
      rest = Buffer.from(bytes.subarray(complete));
      let text = '';
      for (let at = 0; at < complete; at += 4) {
        const point = big ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
        if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) throw new TypeError();
        if (started || point !== 0xfeff) text += String.fromCodePoint(point);
        started = true;
      }
      return text;
    },
    end() {
      if (rest.length > 0) throw new TypeError();
      return '';
    },
    brokenAt: () => -1,
  };
}
