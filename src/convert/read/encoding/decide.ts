/** Decides the encoding of a text file: by its mark, its pin, or what every candidate makes of the whole of it. */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Decision } from '../decision.js';
import { decisionOf } from './evidence.js';
import { ForeignWords } from './foreign-words.js';
import { readingsOf } from './readings.js';
import { markOf, utf16WithoutMark } from './unicode.js';
import { completeCharacters } from './utf8.js';

export interface DecidedEncoding {
  /** In the spelling of iconv-lite: `utf-8`, `utf-16le`, `windows-1252`. */
  readonly encoding: string;
  readonly how: 'pinned' | 'byte order mark' | 'zero bytes' | 'valid' | 'detected';
  /** Of a byte order mark at the start of the file. */
  readonly bomBytes: number;
  /** True for a UTF-8 file with some bytes that are none: its broken records become rejects. */
  readonly damaged: boolean;
  /** False when only the start has been looked at: whoever reads the rest finds out. */
  readonly checked: boolean;
  readonly decision: Decision;
}

const HEAD_BYTES = 256 * 1024;
const CHUNK_BYTES = 1 << 20;

/**
 * Believes a start in UTF-8, unless the `whole` file is to be looked at: whoever meets other bytes further on asks
 * again. Memory is bounded: of the words beyond ASCII some thousands are kept.
 */
export async function decideEncoding(
  file: string,
  pinned: string | undefined,
  signal: AbortSignal,
  look: 'start' | 'whole' = 'start',
): Promise<DecidedEncoding> {
  const head = await readHead(file);
  const mark = markOf(head);
  const told = pinned === undefined ? mark?.encoding : pinnedEncoding(pinned, mark?.encoding);
  if (told !== undefined) {
    // The mark belongs to the text when the pin is another encoding.
    const bomBytes = mark?.encoding === told.toLowerCase() ? mark.bytes : 0;
    const decision = simple(told, pinned === undefined ? 'byte order mark' : 'pinned');
    const utf8 = isUnicode8(told);
    const believed = !utf8 || (look === 'start' && startsAsUtf8(head));
    const damaged = !believed && (await collect(file, signal)).counted.other > 0;
    return { ...decision, bomBytes, damaged, checked: !utf8 || !believed };
  }
  const utf16 = utf16WithoutMark(head);
  if (utf16) {
    const how = utf16.isClear ? 'zero bytes' : 'few zero bytes';
    const { decision } = simple(utf16.encoding, how);
    const read = { encoding: utf16.encoding, how: 'zero bytes' as const, decision };
    return { ...read, bomBytes: 0, damaged: false, checked: true };
  }
  if (look === 'start' && startsAsUtf8(head)) {
    const foreign = new ForeignWords();
    foreign.push(head.subarray(0, completeCharacters(head)));
    foreign.end();
    return { ...validUtf8(foreign), checked: false };
  }
  const foreign = await collect(file, signal);
  if (foreign.counted.other === 0) return { ...validUtf8(foreign), checked: true };
  const decision = decisionOf(readingsOf(foreign.words), foreign.counted);
  const encoding = decision.chosen;
  return {
    encoding,
    how: 'detected',
    bomBytes: 0,
    damaged: encoding === 'utf-8',
    checked: true,
    decision,
  };
}

/** More different words in another encoding are not UTF-8 by chance. */
const FEW_WORDS = 8;

function validUtf8({ words, counted }: ForeignWords): Omit<DecidedEncoding, 'checked'> {
  const sure = simple('utf-8', 'valid');
  const weighed =
    words.length > 0 && words.length <= FEW_WORDS
      ? decisionOf(readingsOf(words), counted)
      : sure.decision;
  const decision = weighed.certainty === 'sure' ? sure.decision : weighed;
  return { ...sure, decision, bomBytes: 0, damaged: false };
}

/** What needs no counting, in words. */
const EVIDENCE = {
  pinned: ['pinned', 'the configuration says so'],
  'byte order mark': ['sure', 'the file begins with its byte order mark'],
  'zero bytes': ['likely', 'the characters of ASCII have their zero byte on its side'],
  'few zero bytes': ['guess', 'the few characters of ASCII have their zero byte on its side'],
  valid: ['sure', 'every byte is UTF-8'],
} as const;

function simple<How extends keyof typeof EVIDENCE>(
  encoding: string,
  how: How,
): { readonly encoding: string; readonly how: How; readonly decision: Decision } {
  const [certainty, evidence] = EVIDENCE[how];
  const pin = `csv: {encoding: ${encoding}}`;
  const decision: Decision = {
    ...{ about: 'encoding', chosen: encoding, certainty, evidence, alternatives: [], pin },
    // What UTF-16 may be taken for: the bytes as they stand, with their zeros.
    ...(certainty === 'guess' && { alternatives: [{ chosen: 'utf-8', rows: [] }] }),
  };
  return { encoding, how, decision };
}

function isUnicode8(encoding: string): boolean {
  return /^(utf-?8|us-?ascii|ascii)$/i.test(encoding);
}

/** `utf-16` alone does not say which; the mark does, and without one it is little-endian, as Windows writes it. */
function pinnedEncoding(pinned: string, marked: string | undefined): string {
  if (isUnicode8(pinned)) return 'utf-8';
  const family = /^(utf-?16|ucs-?2|utf-?32)$/i.exec(pinned)?.[0];
  if (family === undefined) return pinned;
  const bits = family.endsWith('32') ? '32' : '16';
  return marked?.startsWith(`utf-${bits}`) ? marked : `utf-${bits}le`;
}

function startsAsUtf8(head: Buffer): boolean {
  return isUtf8(head.subarray(0, completeCharacters(head)));
}

async function collect(file: string, signal: AbortSignal): Promise<ForeignWords> {
  const words = new ForeignWords();
  const stream = createReadStream(file, { signal, highWaterMark: CHUNK_BYTES });
  for await (const chunk of stream as AsyncIterable<Buffer>) words.push(chunk);
  words.end();
  return words;
}

async function readHead(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const head = Buffer.alloc(Math.min((await handle.stat()).size, HEAD_BYTES));
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
