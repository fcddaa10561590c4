/** Finds where columns stand that blanks keep apart in every line of a file, for a person to pin. */
import { stat } from 'node:fs/promises';
import type { FixedColumn } from '../../../../config/dialect.js';
import { byteLines } from '../../json/ndjson-records.js';
import { findHeader } from '../header.js';
import { fixedCells } from './cells.js';

export type FixedWidthPins = {
  readonly encoding?: string;
  readonly fixed_width: readonly FixedColumn[];
  readonly skip_lines?: number;
};

/** A longer line, or more of them, say nothing more. */
const MOST_CHARACTERS = 10_000;
const LOOKED_LINES = 300;
/** Fewer lines stand below each other by chance. */
const FEWEST_LINES = 4;
/** No line of such a file is longer than a record may be. */
const MOST_BYTES = 64e6;
const RULE = /^[-=+|\s]*[-=]{2}[-=+|\s]*$/;

/** Reads all of the file: the columns hold for each of its lines. `undefined` where there are not two of them. */
export async function fixedWidthOf(absolutePath: string): Promise<FixedWidthPins | undefined> {
  const first: string[] = [];
  const all = new Columns();
  const below = new Columns();
  if ((await stat(absolutePath)).size > MOST_BYTES) return undefined;
  for await (const line of byteLines(absolutePath, absolutePath)) {
    const text = textOf(line);
    const isBlank = text.trim() === '';
    // Lines above the table are not looked for.
    if (isBlank && first.length > 2) continue;
    if (isBlank || text.length > MOST_CHARACTERS || /\p{Cc}/u.test(text)) return undefined;
    if (first.length < LOOKED_LINES) first.push(text);
    if (!RULE.test(text)) all.add(text);
    if (first.length > 1 && !RULE.test(text)) below.add(text);
    // Running text is known by its first lines.
    if (first.length === LOOKED_LINES && below.spans().length < 2) return undefined;
  }
  return pinsOf(first, all.spans(), below.spans());
}

type Span = readonly [from: number, to: number];

function pinsOf(
  lines: readonly string[],
  all: readonly Span[],
  below: readonly Span[],
): FixedWidthPins | undefined {
  if (lines.length < FEWEST_LINES) return undefined;
  // Names may stand over their columns, or follow each other with no regard to them.
  const isApart = all.length < below.length;
  const rows = lines.filter((line, at) => !RULE.test(line) && (at > 0 || !isApart));
  const spans = withoutChance(isApart ? below : all, rows);
  if (spans.length < 2) return undefined;
  const records = rows.map((line) => ({ texts: textsOf(line, spans) }));
  const hasHeader = isApart || findHeader(records).isHeader;
  const words = isApart ? lines[0]!.trim().split(/\s+/) : records[0]!.texts;
  const names = hasHeader && words.length === spans.length ? words : [];
  const skipped = (hasHeader ? 1 : 0) + (RULE.test(lines[1]!) && hasHeader ? 1 : 0);
  return {
    fixed_width: spans.map(([from, to], at) => ({
      name: names[at] || `column_${at + 1}`,
      from,
      to,
    })),
    ...(skipped > 0 && { skip_lines: skipped }),
  };
}

/** One blank beside what few lines have stands between words: it divides no columns. */
function withoutChance(spans: readonly Span[], lines: readonly string[]): Span[] {
  const filled = spans.map(
    (_span, at) => lines.filter((line) => textsOf(line, spans)[at] !== '').length,
  );
  const joined: Span[] = [];
  for (const [at, [from, to]] of spans.entries()) {
    const before = joined.at(-1);
    const isBeside = before !== undefined && from - before[1] === 2;
    const isSparse = Math.min(filled[at]!, filled[at - 1] ?? 0) < lines.length / 2;
    if (isBeside && isSparse) joined[joined.length - 1] = [before[0], to];
    else joined.push([from, to]);
  }
  return joined;
}

function textsOf(line: string, spans: readonly Span[]): string[] {
  const positions = spans.map(([from, to]) => ({ name: '', from, to }));
  return fixedCells(line, positions).map((cell) => cell ?? '');
}

/** Where any line has something else than a blank. */
class Columns {
  private readonly filled: boolean[] = [];

  add(line: string): void {
    let at = 0;
    for (const character of line) {
      if (character !== ' ') this.filled[at] = true;
      at += 1;
    }
  }

  /** Counted from 1, the last character included. */
  spans(): Span[] {
    const spans: Span[] = [];
    for (let at = 0; at < this.filled.length; at += 1) {
      if (!this.filled[at]) continue;
      const from = at;
      while (this.filled[at + 1]) at += 1;
      spans.push([from + 1, at + 1]);
    }
    return spans;
  }
}

/** Of positions alone: a byte that is not UTF-8 is a character. */
function textOf(line: Buffer): string {
  const text = line.toString('utf8');
  return (text.includes('\uFFFD') ? line.toString('latin1') : text).replace(/^\uFEFF|\r+$/g, '');
}
