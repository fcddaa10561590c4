/** Doubts that a file is one table: below a blank line another header may stand. */
import { decision, type Decision } from '../decision.js';
import { kindsOf, type Kind } from './column-kinds.js';
import type { Dialect } from './dialect.js';
import { findHeader } from './header.js';
import { csvPin } from './pin-text.js';
import type { TextPins } from './pins.js';
import { isBelowBlank, type SampleRecord } from './sample.js';

/** Where blank lines stand everywhere, they say nothing. */
const MOST_GAPS = 10;
/** In nats. */
const ENOUGH = 1.5;
const FEWEST_RECORDS = 2;

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

/** A column has cells of one kind above, and of another below. */
function haveOtherKinds(
  above: readonly SampleRecord[],
  below: readonly SampleRecord[],
  fields: number,
): boolean {
  if (above.length < FEWEST_RECORDS || below.length < FEWEST_RECORDS) return false;
  return Array.from({ length: fields }).some((_x, column) => {
    const [before, after] = [onlyKindOf(above, column), onlyKindOf(below, column)];
    return before !== undefined && after !== undefined && before !== after;
  });
}

/** The one kind of all its cells that are not missing. */
function onlyKindOf(records: readonly SampleRecord[], column: number): Kind | undefined {
  const { counts } = kindsOf(records.map(({ texts }) => texts[column] ?? ''));
  return counts.size === 1 ? [...counts.keys()][0] : undefined;
}
