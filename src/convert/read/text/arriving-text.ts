/** Reads a text while it arrives: as `readText` does at first, and only as long as nothing has to be read again. */
import { isDeepStrictEqual } from 'node:util';
import { firstBytes, growingPieces, type GrowingFile } from '../../arriving/growing-file.js';
import { SourceMeter, Utf8Check } from '../encoding/index.js';
import { RejectSink } from '../reject-sink.js';
import { decideText } from './decide.js';
import { sampleOf } from './file-sample.js';
import { LARGE_BYTES, readingOfStart, type LikelyReading } from './likely-reading.js';
import type { TextPins } from './pins.js';
import type { Plan } from './plan.js';
import { finish, type TextReading } from './read-text.js';
import { firstOf, isFirstOfTexts, sampleRows } from './sample-rows.js';
import type { Sample } from './sample.js';
import { openStart, type TextFile } from './text-file.js';
import { TextReader } from './text-reader.js';

export interface ArrivingText {
  readonly growing: GrowingFile;
  /** Names the file in errors. */
  readonly place: string;
  readonly pins: TextPins;
  readonly signal: AbortSignal;
  /**
   * Told what the start says of how DuckDB will be given the file; `start` are the first bytes, `end` the last of them
   * that were there. Gives what takes the bytes from the first one on, or nothing where they are of no use.
   */
  readonly begin: (likely: LikelyReading, start: StartOfText) => Promise<TakeBytes | undefined>;
}

export interface StartOfText {
  readonly bytes: Buffer;
  readonly dialect: Plan['dialect'];
}

/** Resolves when the piece may be used for the next bytes. */
export type TakeBytes = (piece: Buffer) => Promise<void>;

/** As many are looked at to find the types of columns. */
export const SAMPLED_ROWS = 20_000;
/** Of longer rows so many would take too much memory. */
const MOST_START_BYTES = 64e6;
const NOTHING = Buffer.alloc(0);

/**
 * The reading, without the rejects' file: there are none. Nothing of a file that is small, or that has to be rewritten,
 * or where the end says something else than the start did.
 * @throws what the growing file throws, and what takes the bytes
 */
export async function readArriving(
  request: ArrivingText,
): Promise<Omit<TextReading, 'rejects'> | undefined> {
  const { growing, place, pins, signal } = request;
  const { file } = growing;
  const first = await firstBytes(growing, LARGE_BYTES, signal);
  const text =
    first.length < LARGE_BYTES ? undefined : await openStart(file, pins.encoding, signal);
  if (!text) return undefined;
  // Its end is not known.
  const sample: Sample = { ...(await sampleOf(text)), end: NOTHING, complete: false };
  const plan = decideText(sample, pins);
  if ('found' in plan) return undefined;
  const { rowBytes } = readingOfStart(text, sample, plan, place) ?? {};
  if (rowBytes === undefined) return undefined;
  // Rows at the end of it stand far behind those that types are found by: what grows shows.
  const wanted = Math.max(LARGE_BYTES, Math.ceil(3 * SAMPLED_ROWS * rowBytes));
  if (wanted > MOST_START_BYTES) return undefined;
  const bytes = wanted > first.length ? await firstBytes(growing, wanted, signal) : first;
  const start = { bytes: bytes.subarray(text.bomBytes), end: NOTHING };
  const likely = readingOfStart(text, start, plan, place);
  const take = likely && (await request.begin(likely, { bytes, dialect: plan.dialect }));
  return take && readAsPlanned(request, text, sample, plan, likely, take);
}

async function readAsPlanned(
  { growing, place, pins, signal }: ArrivingText,
  text: TextFile,
  sample: Sample,
  plan: Plan,
  likely: LikelyReading,
  take: TakeBytes,
): Promise<Omit<TextReading, 'rejects'> | undefined> {
  const rows = sampleRows(sample, plan);
  const none = new RejectSink('', 0);
  const reader = new TextReader({
    ...{ plan, place, rejects: none, damaged: false, firstColumnIsText: isFirstOfTexts(rows) },
    meter: new SourceMeter(text.encoding, text.respelled),
  });
  const utf8 = new Utf8Check();
  let markBytes = text.bomBytes;
  try {
    for await (const piece of growingPieces(growing, signal)) {
      const own = piece.subarray(markBytes);
      markBytes = 0;
      if (!utf8.push(own)) return undefined;
      reader.push(own);
      if (reader.isNotPlain) return undefined;
      await take(piece);
    }
    if (!utf8.end()) return undefined;
    const counts = reader.end();
    const whole = await sampleOf(text);
    const planned = decideText(whole, pins);
    if (reader.isNotPlain || 'found' in planned || !isSame(planned, plan)) return undefined;
    const request = { file: growing.file, place, pins };
    const { rejects: _none, ...reading } = await finish(
      ...([request, text, planned, reader, counts, undefined, none] as const),
    );
    const { longestBytes: _longest, ...asked } = likely.text;
    const { longestBytes: _other, ...found } = reading.text;
    if (!isDeepStrictEqual(asked, found)) return undefined;
    return { ...reading, firstRows: firstOf(sampleRows(whole, planned)) };
  } finally {
    reader.close();
  }
}

/** Only what is said of the last rows may be new. */
function isSame({ decisions: _new, ...one }: Plan, { decisions: _old, ...other }: Plan): boolean {
  return isDeepStrictEqual(one, other);
}
