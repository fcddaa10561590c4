/** The encoding of texts in a file of records whose header names none. */
import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { decision, type Decision } from '../decision.js';
import type { SourceRecord } from '../record.js';
import { csvPin } from '../text/pin-text.js';

/** What programs of Windows write where the file does not say. */
const USUAL = 'windows-1252';

/**
 * UTF-8 where all texts are, else what is usual, which is a guess.
 * @param named Of the header.
 * @param pinned By a person.
 */
export async function codePageOf(
  texts: AsyncIterable<Buffer>,
  named: string | undefined,
  pinned: string | undefined,
): Promise<Decision> {
  if (pinned !== undefined) return encoding(pinned, 'pinned', 'pinned');
  if (named !== undefined) return encoding(named, 'sure', 'the header names it');
  let isAscii = true;
  for await (const bytes of texts) {
    if (bytes.every((byte) => byte < 0x80)) continue;
    isAscii = false;
    if (!isUtf8(bytes))
      return encoding(USUAL, 'guess', 'the header names none, and the texts are not UTF-8');
  }
  return isAscii
    ? encoding('utf-8', 'sure', 'all texts are ASCII')
    : encoding('utf-8', 'likely', 'all texts are UTF-8');
}

/** An encoding that the format itself settles. */
export function encoding(
  chosen: string,
  certainty: Decision['certainty'],
  evidence: string,
): Decision {
  const pin = csvPin({ encoding: chosen });
  return decision(certainty, { about: 'encoding', chosen, evidence, pin });
}

/** A text with bytes that mean nothing in its encoding: its record is a reject. */
export class NotText extends Error {}

/** Replaces nothing in silence. @throws NotText */
export function strictDecoder({ chosen }: Decision): (bytes: Buffer) => string {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const isUtf8Named = chosen.toLowerCase() === 'utf-8';
  return (bytes) => {
    try {
      const text = isUtf8Named ? utf8.decode(bytes) : iconv.decode(bytes, chosen);
      if (isUtf8Named || !text.includes('\uFFFD')) return text;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    throw new NotText(`a text that is not ${chosen}`);
  };
}

/** @param column From 0. */
export function rejected(
  line: number,
  column: number,
  { message }: NotText,
  bytes: Buffer,
): SourceRecord {
  const reject = {
    line,
    reason: `column ${column + 1}: ${message}`,
    raw: bytes.toString('latin1'),
  };
  return { bytes: bytes.length, reject };
}
