/** Opens a text file in any encoding as one in UTF-8. */
import type { Decision } from '../decision.js';
import {
  decideEncoding,
  transcode,
  type DecidedEncoding,
  type Respelled,
} from '../encoding/index.js';

export interface TextFile {
  /** A file in UTF-8: the source itself, or a copy. */
  readonly file: string;
  /** Of the source, in the spelling of iconv-lite. */
  readonly encoding: string;
  readonly how: DecidedEncoding['how'];
  readonly decision: Decision;
  /** Of a byte order mark at the start of the source. */
  readonly markBytes: number;
  /** Of one at the start of `file`. */
  readonly bomBytes: number;
  /** True for a UTF-8 file with some bytes that are none: its broken records become rejects. */
  readonly damaged: boolean;
  /** False when only the start has been looked at: whoever reads the rest finds out. */
  readonly checked: boolean;
  /** Lines of `file` that are spelled in an unusual way in the source. */
  readonly respelled: readonly Respelled[];
}

/** Throws ENCODING_UNDECODABLE when the bytes are not of the pinned or decided encoding. */
export async function openText(
  file: string,
  place: string,
  copyTo: string,
  pinned: string | undefined,
  signal: AbortSignal,
  look: 'start' | 'whole' = 'start',
): Promise<TextFile> {
  const { encoding, decision, bomBytes, ...decided } = await decideEncoding(
    file,
    pinned,
    signal,
    look,
  );
  const found = { encoding, decision, markBytes: bomBytes, ...decided };
  if (encoding === 'utf-8') return { file, ...found, bomBytes, respelled: [] };
  const evidence = decided.how;
  const respelled = await transcode(file, place, copyTo, { encoding, evidence }, signal);
  return { file: copyTo, ...found, bomBytes: 0, respelled };
}

/**
 * The same of a file of which only the start is there: nothing when more of it has to be looked at, or rewritten.
 */
export async function openStart(
  file: string,
  pinned: string | undefined,
  signal: AbortSignal,
): Promise<TextFile | undefined> {
  const { encoding, bomBytes, ...decided } = await decideEncoding(file, pinned, signal, 'start');
  if (encoding !== 'utf-8' || decided.checked) return undefined;
  return { file, encoding, ...decided, markBytes: bomBytes, bomBytes, respelled: [] };
}
