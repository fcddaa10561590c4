/** Reads newline-delimited JSON: one record a line, blank lines left out. */
import { createReadStream } from 'node:fs';
import { readHead } from '../../unpack/container.js';
import { recordOf } from './json-record.js';
import { Liberties } from './json-syntax.js';
import type { SourceRecord } from '../record.js';
import { textPieces } from './text-pieces.js';

const NEWLINE = 10;

/** A line that is not JSON, not UTF-8, or names a member twice is a reject, and the next line is read. */
export async function* ndjsonRecords(absolutePath: string): AsyncGenerator<SourceRecord, void> {
  let number = 0;
  const liberties = new Liberties();
  for await (const line of await linesOf(absolutePath)) {
    number++;
    const text = typeof line === 'string' ? line : decode(line);
    if (text === undefined) {
      const raw = (line as Buffer).toString('latin1');
      yield { bytes: line.length, reject: { line: number, reason: 'not UTF-8', raw } };
    } else if (text.trim() !== '') yield recordOf(text, { number, liberties });
  }
  yield* liberties.remarks();
}

async function linesOf(absolutePath: string): Promise<AsyncGenerator<Buffer | string>> {
  const [first, second] = await readHead(absolutePath, 2);
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return isUtf16 ? textLines(absolutePath) : byteLines(absolutePath);
}

/** Split as bytes, so that one undecodable line does not spoil the others. */
export async function* byteLines(absolutePath: string): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const chunk of createReadStream(absolutePath, { highWaterMark: 1 << 20 })) {
    const piece = chunk as Buffer;
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end !== -1; end = piece.indexOf(NEWLINE, start)) {
      const tail = piece.subarray(start, end);
      yield rest.length > 0 ? Buffer.concat([...rest, tail]) : tail;
      rest = [];
      start = end + 1;
    }
    if (start < piece.length) rest.push(piece.subarray(start));
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

async function* textLines(absolutePath: string): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of textPieces(absolutePath)) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
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
