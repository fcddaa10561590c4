/** Text whose columns a person has pinned by where they stand: nothing of it is guessed. */
import type { FixedColumn } from '../../../../config/dialect.js';
import { decision, type Decision } from '../../decision.js';
import { linesAbove } from '../comments.js';
import type { Dialect } from '../dialect.js';
import { lineEnd } from '../line-end.js';
import { csvPin } from '../pin-text.js';
import type { TextPins } from '../pins.js';
import type { Plan } from '../plan.js';
import { linesOf, type Sample } from '../sample.js';
import type { TextCounts } from '../text-counts.js';

/** A record is a line, which the scanner takes for one field. */
export function planOfFixedWidth(
  sample: Sample,
  columns: readonly FixedColumn[],
  { comment, skip_lines = 0, skip_footer = 0 }: TextPins,
): Plan {
  const marks = { quote: '', escape: '', ...(comment !== undefined && { comment }) };
  const newline = lineEnd(sample, { ...marks, delimiter: ',' });
  // A line ends before there can be two line ends in it.
  const dialect: Dialect = { ...marks, delimiter: newline.repeat(2), newline, fixedWidth: columns };
  const lines = linesOf(sample, newline, skip_lines);
  const chosen = `${columns.length} columns of fixed width`;
  const pin = csvPin({ fixed_width: columns });
  return {
    dialect,
    above: linesAbove(lines, skip_lines + 1, 0, comment),
    aboveText: lines.join('\n'),
    ...{ headerRecords: 0, headerLine: skip_lines + 1 },
    names: columns.map(({ name }) => name),
    padFrom: 1,
    skipFooter: skip_footer,
    decisions: [decision('pinned', { about: 'fixed width', chosen, evidence: 'pinned', pin })],
    candidates: [],
  };
}

/** What stands outside of the columns is left out as pinned; nobody may have meant it. */
export function* aboutFixedWidth(
  columns: readonly FixedColumn[],
  { outside }: Pick<TextCounts, 'outside'>,
): Generator<Decision> {
  if (!outside) return;
  const { lines, upTo } = outside;
  yield decision('likely', {
    about: 'fixed width',
    chosen: 'what stands outside of the columns is no part of the table',
    evidence: `${lines} ${lines === 1 ? 'line has' : 'lines have'} text there`,
    leavesOut: outside,
    pin: csvPin({ fixed_width: withGaps(columns, upTo) }),
  });
}

/** A column for each stretch of characters that none has. */
function withGaps(columns: readonly FixedColumn[], upTo: number): FixedColumn[] {
  const all: FixedColumn[] = [];
  let next = 1;
  for (const column of [...columns].sort((a, b) => a.from - b.from)) {
    if (column.from > next) all.push({ name: `outside_${next}`, from: next, to: column.from - 1 });
    all.push(column);
    next = Math.max(next, column.to + 1);
  }
  if (upTo >= next) all.push({ name: `outside_${next}`, from: next, to: upTo });
  return all;
}
