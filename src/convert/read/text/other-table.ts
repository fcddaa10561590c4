/** Doubts that a file is one table: below a blank line another header may stand. */
import { decision, type Decision } from '../decision.js';
import { haveOtherKinds } from './column-kinds.js';
import type { Dialect } from './dialect.js';
import { findHeader } from './header.js';
import { csvPin } from './pin-text.js';
import type { TextPins } from './pins.js';
import { isBelowBlank, type SampleRecord } from './sample.js';

/** Where blank lines stand everywhere, they say nothing. */
const MOST_GAPS = 10;
/** In nats. */
const ENOUGH = 1.5;

/** Its records are kept as rows where they have as many fields: what they are, the file does not say. */
export function* aboutOtherTable(
  records: readonly SampleRecord[],
  fields: number,
  dialect: Dialect,
  { header, comment }: TextPins,
): Generator<Decision> {
  if (fields < 2 || header !== undefined || comment !== undefined) return;
  // A blank line of a file whose lines end with a delimiter has one, too.
  const isPadded = (at: number): boolean =>
    records[at - 1]!.fields !== fields && records[at - 1]!.raw.trim() === dialect.delimiter.trim();
  const gaps = records.flatMap((_record, at) =>
    at > 0 && (isBelowBlank(records, at, dialect) || isPadded(at)) ? [at] : [],
  );
  if (gaps.length > MOST_GAPS) return;
  const at = gaps.find(
    (gap) =>
      gap > 1 &&
      (showsHeader(records.slice(gap), fields) ||
        haveOtherKinds(records.slice(1, gap), records.slice(gap + 1), fields)),
  );
  if (at === undefined) return;
  yield decision('guess', {
    about: 'header',
    chosen: 'none in the middle of the file',
    evidence: `line ${records[at]!.line}, below a blank line, looks like the header of another table`,
    pin: csvPin({ header: true }),
  });
}

function showsHeader(records: readonly SampleRecord[], fields: number): boolean {
  if (records.length < 2 || records[0]!.fields !== fields) return false;
  return findHeader(records).score > ENOUGH;
}
