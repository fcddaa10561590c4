/** Looks for the pins that would let a refused file in, and tries them before they are suggested. */
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImportError } from '../../../errors/index.js';
import { fixedWidthOf, type FixedWidthPins } from './fixed-width/suggest.js';
import { csvPin } from './pin-text.js';
import type { TextPins } from './pins.js';
import { readText, type TextReading, type TextRequest } from './read-text.js';

/** A larger file would be read for too long, time and again. */
const MOST_BYTES = 100e6;
const MOST_SKIPPED_LINES = 50;

/** From what changes least to what changes most. */
const TRIED: readonly TextPins[] = [
  { escape: '\\' },
  { trim: true },
  { comment: '#' },
  { quote: '' },
  { ragged: 'pad' },
  { header: false },
  { delimiter: '::' },
  { delimiter: 'whitespace' },
];

type Refused = Pick<TextReading, 'rejects' | 'columns' | 'sourceRecords'>;

/** YAML, beside what is pinned, with which every record is a row of a table of several columns; nothing when none of the usual ones does. */
export async function suggestPins(
  request: TextRequest,
  refused?: Refused,
): Promise<string | undefined> {
  const { size } = await stat(request.file);
  if (size > MOST_BYTES) return undefined;
  const fixed = await fixedWidthFor(request);
  if (fixed) return csvPin(fixed);
  for (const extra of [...skipped(refused), ...TRIED]) {
    if (Object.keys(extra).some((key) => key in request.pins)) continue;
    if (await letsIn(request, extra, refused)) return csvPin(asWritten(extra));
  }
  return undefined;
}

/** Pins with which every character of the file is in a column; nothing where a person has said what delimits them. */
export async function fixedWidthFor(request: TextRequest): Promise<FixedWidthPins | undefined> {
  const { encoding: _encoding, ...others } = request.pins;
  if (Object.values(others).some((pin) => pin !== undefined)) return undefined;
  const found = await fixedWidthOf(request.file);
  return found && (await letsIn(request, found as TextPins, undefined)) ? found : undefined;
}

/** Where all rejects stand at the top, they may be no records at all. */
function skipped(refused: Refused | undefined): TextPins[] {
  const { count = 0, first = [] } = refused?.rejects ?? {};
  const last = first.at(-1)?.line ?? 0;
  return count > 0 && count === first.length && last <= MOST_SKIPPED_LINES
    ? [{ skip_lines: last }]
    : [];
}

async function letsIn(
  request: TextRequest,
  extra: TextPins,
  refused: Refused | undefined,
): Promise<boolean> {
  const scratchDirectory = join(request.scratchDirectory, 'tried');
  await mkdir(scratchDirectory, { recursive: true });
  try {
    const { onRead: _onRead, onLikely: _onLikely, ...rest } = request;
    const pins = { ...request.pins, ...extra };
    const found = await readText({ ...rest, scratchDirectory, pins });
    if (extra.skip_lines !== undefined && !extra.fixed_width && !keepsRows(found, refused!))
      return false;
    const isWhole = !found.decisions.some(
      ({ about, leavesOut }) => about === 'fixed width' && leavesOut !== undefined,
    );
    return (
      isWhole && found.rejects.count === 0 && found.columns.length > 1 && found.sourceRecords > 0
    );
  } catch (error) {
    if (error instanceof ImportError) return false;
    throw error;
  } finally {
    await rm(scratchDirectory, { recursive: true, force: true });
  }
}

/** Nothing but rejects is left out: neither rows nor the header. */
function keepsRows(found: Refused, refused: Refused): boolean {
  const names = ({ columns }: Refused): string =>
    columns.map(({ originalName }) => originalName).join('\0');
  return (
    found.sourceRecords === refused.sourceRecords - refused.rejects.count &&
    names(found) === names(refused)
  );
}

function asWritten({ quote, ...pins }: TextPins): Record<string, unknown> {
  return { ...pins, ...(quote !== undefined && { quote: quote === '' ? 'none' : quote }) };
}
