/** Finds the encoding of a text file, and makes a UTF-8 copy where it is another one. */
import { isUtf8 } from 'node:buffer';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import chardet from 'chardet';
import iconv from 'iconv-lite';
import { ImportError } from '../../errors/index.js';

export interface TextFile {
  /** A file in UTF-8: the source itself, or a copy. */
  readonly file: string;
  /** As found or pinned, in the spelling of iconv-lite: `utf-8`, `utf-16le`, `windows-1252`. */
  readonly encoding: string;
  /** How it was found: `byte order mark`, `valid`, `detected`, `pinned`. */
  readonly evidence: string;
  /** Bytes of a byte order mark at the start of `file`. */
  readonly bomBytes: number;
  /** True for a UTF-8 file with some bytes that are none: its broken records become rejects. */
  readonly damaged: boolean;
  /** False when only the start has been looked at: whoever reads the rest finds out. */
  readonly checked: boolean;
}

const SAMPLE_BYTES = 256 * 1024;
const REPLACEMENT = '\uFFFD';
/** Bytes that Windows-1252 does not define; every byte is something in Latin-1. */
const UNDEFINED_IN_1252 = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
/** Below this share of broken places among all non-ASCII ones, a file is damaged UTF-8, not another encoding. */
const DAMAGED_SHARE = 0.1;

/**
 * Believes a start in UTF-8, unless the `whole` file is to be looked at. Transcodes what is in another encoding.
 * Throws ENCODING_UNDECODABLE when the bytes are not of the pinned or detected encoding.
 */
export async function openText(
  file: string,
  place: string,
  copyTo: string,
  pinned: string | undefined,
  signal: AbortSignal,
  look: 'start' | 'whole' = 'start',
): Promise<TextFile> {
  const head = await readHead(file);
  const found = pinned === undefined ? byMark(head) : { encoding: pinned, evidence: 'pinned' };
  if (found && !isUnicode8(found.encoding)) return transcode(file, place, copyTo, found, signal);

  const bomBytes = head.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 3 : 0;
  const evidence = found?.evidence ?? (bomBytes > 0 ? 'byte order mark' : 'valid');
  const utf8 = { file, encoding: 'utf-8', evidence, bomBytes };
  if (look === 'start' && isUtf8(head.subarray(0, completeCharacters(head)))) {
    return { ...utf8, damaged: false, checked: false };
  }
  const { valid, brokenShare, sample } = await validate(file, signal);
  if (valid || found || brokenShare < DAMAGED_SHARE) {
    return { ...utf8, damaged: !valid, checked: true };
  }
  const encoding = detect(sample);
  return transcode(file, place, copyTo, { encoding, evidence: 'detected' }, signal);
}

function isUnicode8(encoding: string): boolean {
  return /^(utf-?8|us-?ascii|ascii)$/i.test(encoding);
}

/** UTF-16 by its mark, or by the zero bytes that ASCII text leaves in it. */
function byMark(head: Buffer): { encoding: string; evidence: string } | undefined {
  const evidence = 'byte order mark';
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', evidence };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', evidence };
  const pairs = Math.floor(Math.min(head.length, 4096) / 2);
  let even = 0;
  let odd = 0;
  for (let pair = 0; pair < pairs; pair += 1) {
    if (head[2 * pair] === 0) even += 1;
    if (head[2 * pair + 1] === 0) odd += 1;
  }
  if (pairs > 0 && odd > 0.4 * pairs && even === 0)
    return { encoding: 'utf-16le', evidence: 'detected' };
  if (pairs > 0 && even > 0.4 * pairs && odd === 0)
    return { encoding: 'utf-16be', evidence: 'detected' };
  return undefined;
}

/** On the non-ASCII parts, where encodings differ. Western text falls back to Windows-1252 or Latin-1. */
function detect(sample: Buffer): string {
  const best = chardet.analyse(sample).find(({ name }) => iconv.encodingExists(name));
  const western =
    best === undefined || /^(ISO-8859-[129]|windows-125[02]|UTF-8|ASCII)$/i.test(best.name);
  if (!western && best.confidence >= 50) return best.name.toLowerCase();
  const controls = sample.filter((byte) => byte >= 0x80 && byte <= 0x9f);
  if (controls.length === 0) return 'iso-8859-1';
  return controls.some((byte) => UNDEFINED_IN_1252.has(byte)) ? 'iso-8859-1' : 'windows-1252';
}

async function validate(
  file: string,
  signal: AbortSignal,
): Promise<{ valid: boolean; brokenShare: number; sample: Buffer }> {
  let carry = Buffer.alloc(0);
  let lines = 0;
  let brokenLines = 0;
  const sample: Buffer[] = [];
  let sampled = 0;
  for await (const chunk of createReadStream(file, { signal, highWaterMark: 1 << 20 })) {
    const bytes = Buffer.concat([carry, chunk as Buffer]);
    const cut = bytes.lastIndexOf(10) + 1;
    const whole =
      cut === 0 && bytes.length < 1 << 24
        ? Buffer.alloc(0)
        : bytes.subarray(0, cut || bytes.length);
    carry = bytes.subarray(whole.length);
    if (!isUtf8(whole)) inspect(whole);
  }
  if (!isUtf8(carry)) inspect(carry);
  return {
    valid: brokenLines === 0,
    brokenShare: brokenLines / Math.max(lines, 1),
    sample: Buffer.concat(sample),
  };

  /** Only lines with a byte above 127 say anything about the encoding. */
  function inspect(bytes: Buffer): void {
    let from = 0;
    while (from < bytes.length) {
      const newline = bytes.indexOf(10, from);
      const line = bytes.subarray(from, newline === -1 ? bytes.length : newline);
      from += line.length + 1;
      if (line.every((byte) => byte < 0x80)) continue;
      lines += 1;
      if (!isUtf8(line)) brokenLines += 1;
      if (sampled < SAMPLE_BYTES) {
        sample.push(line);
        sampled += line.length;
      }
    }
  }
}

async function transcode(
  file: string,
  place: string,
  copyTo: string,
  { encoding, evidence }: { encoding: string; evidence: string },
  signal: AbortSignal,
): Promise<TextFile> {
  if (!iconv.encodingExists(encoding)) {
    throw new ImportError('ENCODING_UNDECODABLE', {
      place,
      expected: 'a known encoding',
      found: encoding,
    });
  }
  let line = 1;
  const decode = iconv.decodeStream(encoding);
  await pipeline(
    createReadStream(file, { signal, highWaterMark: 1 << 20 }),
    decode,
    async function* (pieces: AsyncIterable<unknown>) {
      for await (const decoded of pieces) {
        const piece = String(decoded);
        const broken = piece.indexOf(REPLACEMENT);
        if (broken !== -1) {
          line += piece.slice(0, broken).split('\n').length - 1;
          throw new ImportError('ENCODING_UNDECODABLE', {
            place: `${place}:${line}`,
            expected: `text in ${encoding} (${evidence})`,
            found: 'bytes that mean nothing in it',
          });
        }
        line += piece.split('\n').length - 1;
        yield Buffer.from(piece, 'utf8');
      }
    },
    createWriteStream(copyTo),
    { signal },
  );
  return { file: copyTo, encoding, evidence, bomBytes: 0, damaged: false, checked: true };
}

/** Bytes up to where a character may be cut off. */
function completeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const characterBytes = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return characterBytes > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** Tells whether bytes that come piece by piece are UTF-8. */
export class Utf8Check {
  private rest: Buffer = Buffer.alloc(0);

  /** False when the bytes so far are none, whatever follows. */
  push(chunk: Buffer): boolean {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const complete = completeCharacters(bytes);
    // A copy: the piece itself may be reused.
    this.rest = Buffer.from(bytes.subarray(complete));
    return isUtf8(bytes.subarray(0, complete));
  }

  end(): boolean {
    return this.rest.length === 0;
  }
}

async function readHead(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
