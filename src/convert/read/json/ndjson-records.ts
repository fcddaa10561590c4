/** Reads newline-delimited JSON: one record a line, blank lines left out. */
import { createReadStream } from 'node:fs';
import { readHead } from '../../unpack/container.js';
import { recordOf } from './json-record.js';
import { Liberties } from './json-syntax.js';
import type { SourceRecord } from '../record.js';
import { MAX_RECORD_BYTES, recordTooLong } from '../record-length.js';
import { textPieces, wideEncoding } from './text-pieces.js';

const NEWLINE = 10;

/**
 * A line that is not JSON, not UTF-8, or names a member twice is a reject, and the next line is read.
 * @throws RECORD_TOO_LONG
 */
export async function* ndjsonRecords(
  absolutePath: string,
  place: string,
): AsyncGenerator<SourceRecord, void> {
  let number = 0;
  const liberties = new Liberties();
  for await (const line of await linesOf(absolutePath, place)) {
    number++;
    const text = typeof line === 'string' ? line : decode(line);
    if (text === undefined) {
      const raw = (line as Buffer).toString('latin1');
      yield { bytes: line.length, reject: { line: number, reason: 'not UTF-8', raw } };
    } else if (text.trim() !== '') yield recordOf(text, { number, liberties });
  }
  yield* liberties.remarks();
}

async function linesOf(
  absolutePath: string,
  place: string,
): Promise<AsyncGenerator<Buffer | string>> {
  const isWide = wideEncoding(await readHead(absolutePath, 2)) !== undefined;
  return isWide ? textLines(absolutePath, place) : byteLines(absolutePath, place);
}

/**
 * Split as bytes, so that one undecodable line does not spoil the others.
 * @throws RECORD_TOO_LONG
 */
export async function* byteLines(absolutePath: string, place: string): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  let number = 1;
  for await (const chunk of createReadStream(absolutePath, { highWaterMark: 1 << 20 })) {
    const piece = chunk as Buffer;
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end !== -1; end = piece.indexOf(NEWLINE, start)) {
      const tail = piece.subarray(start, end);
      yield rest.length > 0 ? Buffer.concat([...rest, tail]) : tail;
      rest = [];
      restBytes = 0;
      number += 1;
      start = end + 1;
    }
    if (start < piece.length) rest.push(piece.subarray(start));
    restBytes += piece.length - start;
    if (restBytes > MAX_RECORD_BYTES) throw recordTooLong(place, number);
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

async function* textLines(absolutePath: string, place: string): AsyncGenerator<string> {
  let rest = '';
  let number = 1;
  for await (const piece of textPieces(absolutePath)) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
    number += lines.length;
    if (rest.length > MAX_RECORD_BYTES) throw recordTooLong(place, number);
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** Without the byte order mark, if there is one. */
function decode(line: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(line);
  } catch {
    return undefined;
  }
}
