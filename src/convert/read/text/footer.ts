/** Tells notes below a table from records that do not fit. */
import type { ByteKind } from '../byte-ledger.js';

/** A record at the end of the file that is no row, or a blank line. */
export interface LastRecord {
  readonly kind: Extract<ByteKind, 'reject' | 'blank'>;
  readonly line: number;
  readonly raw: string;
  readonly reason: string;
  /** In the source, with its line end. */
  readonly bytes: number;
  readonly fields: number;
  readonly isBroken: boolean;
}

export const MOST_FOOTER_LINES = 50;

const OPENS_NOTE =
  /^\W*(source|sources|note|notes|total|totals|nb|n\.b\.|data|last updated|updated|generated|created|copyright|©|\(c\)|see|footnotes?|disclaimer|end of|\*+|quelle|hinweis|fuente|nota|remarque)\b/i;

/** The first words of a line that is written below tables. */
export function opensNote(raw: string): boolean {
  return OPENS_NOTE.test(raw);
}

/**
 * How many of the last records, none of which is a row, are notes: from the first line on that reads as one, and
 * has no delimiter or stands below a blank line. What is cut short is a reject: a file that was not copied to its end has such a last line.
 */
export function footerLength(last: readonly LastRecord[], firstColumnIsText: boolean): number {
  const begin = last.findIndex((record, at) => isNote(record, last[at - 1], firstColumnIsText));
  return begin === -1 ? 0 : last.length - begin;
}

function isNote(
  { kind, raw, fields, isBroken }: LastRecord,
  before: LastRecord | undefined,
  firstColumnIsText: boolean,
): boolean {
  if (kind !== 'reject' || isBroken || !/\p{L}|^\W{3,}$/u.test(raw)) return false;
  if (fields > 1) return before?.kind === 'blank' && opensNote(raw);
  return (
    !firstColumnIsText || before?.kind === 'blank' || opensNote(raw) || /\S\s+\S+\s+\S/.test(raw)
  );
}
