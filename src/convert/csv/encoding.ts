/** Finds the encoding of a text file, and makes a UTF-8 copy where it is another one. */
import { isAscii, isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { detectEncoding, utf16ByMark, type EncodingCandidate } from './detect-encoding.js';
import { transcode } from './transcode.js';

export interface TextFile {
  /** A file in UTF-8: the source itself, or a copy. */
  readonly file: string;
  /** As found or pinned, in the spelling of iconv-lite: `utf-8`, `utf-16le`, `windows-1252`. */
  readonly encoding: string;
  /** How it was found: `byte order mark`, `valid`, `zero bytes`, `detected`, `pinned`. */
  readonly evidence: string;
  /** What else a detected encoding could have been, best first. */
  readonly candidates: readonly EncodingCandidate[];
  /** Bytes of a byte order mark at the start of `file`. */
  readonly bomBytes: number;
  /** True for a UTF-8 file with some bytes that are none: its broken records become rejects. */
  readonly damaged: boolean;
  /** False when only the start has been looked at: whoever reads the rest finds out. */
  readonly checked: boolean;
}

const SAMPLE_BYTES = 256 * 1024;
const NEWLINE = Buffer.from('\n');
/** Below this share of broken places among all non-ASCII ones, a file is damaged UTF-8, not another encoding. */
const DAMAGED_SHARE = 0.5;

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
  const found = pinned === undefined ? utf16ByMark(head) : pinnedEncoding(pinned, head);
  if (found && !isUnicode8(found.encoding)) return copied(found);

  const bomBytes = head.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 3 : 0;
  const evidence = found?.evidence ?? (bomBytes > 0 ? 'byte order mark' : 'valid');
  const utf8 = { file, encoding: 'utf-8', evidence, candidates: [], bomBytes };
  if (look === 'start' && isUtf8(head.subarray(0, completeCharacters(head)))) {
    return { ...utf8, damaged: false, checked: false };
  }
  const { valid, brokenShare, sample } = await validate(file, signal);
  if (valid || found || bomBytes > 0 || brokenShare < DAMAGED_SHARE) {
    return { ...utf8, damaged: !valid, checked: true };
  }
  return copied({ ...detectEncoding(sample), evidence: 'detected' });

  async function copied({ candidates = [], ...of }: Found): Promise<TextFile> {
    await transcode(file, place, copyTo, of, signal);
    return { file: copyTo, ...of, candidates, bomBytes: 0, damaged: false, checked: true };
  }
}

interface Found {
  readonly encoding: string;
  readonly evidence: string;
  readonly candidates?: readonly EncodingCandidate[];
}

function isUnicode8(encoding: string): boolean {
  return /^(utf-?8|us-?ascii|ascii)$/i.test(encoding);
}

/** `utf-16` alone does not say which; the mark does, and without one it is little-endian, as Windows writes it. */
function pinnedEncoding(pinned: string, head: Buffer): Found {
  const encoding = /^utf-?16$/i.test(pinned) ? (utf16ByMark(head)?.encoding ?? 'utf-16le') : pinned;
  return { encoding, evidence: 'pinned' };
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
      if (isAscii(line)) continue;
      lines += 1;
      if (!isUtf8(line)) brokenLines += 1;
      if (sampled < SAMPLE_BYTES) {
        sample.push(line, NEWLINE);
        sampled += line.length;
      }
    }
  }
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
