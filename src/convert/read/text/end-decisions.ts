/** What only the end of the reading tells: notes below the table, missing cells, marks that were left out. */
import { decision, type Decision } from '../decision.js';
import { aboutFixedWidth } from './fixed-width/plan.js';
import { csvPin } from './pin-text.js';
import type { TextPins } from './pins.js';
import type { Plan } from './plan.js';
import type { TextCounts } from './text-counts.js';

export function* endDecisions(
  counts: TextCounts,
  { skipFooter, names, dialect }: Plan,
  pins: TextPins,
  /** Of the source, as it was found. */
  encoding: string,
): Generator<Decision> {
  if (dialect.fixedWidth) yield* aboutFixedWidth(dialect.fixedWidth, counts);
  const { footer, headers, paddedRows, markInFirstRow, markedRows, endMarks } = counts;
  if (footer)
    yield decision(skipFooter === undefined ? 'likely' : 'pinned', {
      about: 'footer',
      chosen: footer.lines === 1 ? 'the last line' : `the last ${footer.lines} lines`,
      evidence: `they do not have the ${names.length} fields of the rows and read as notes`,
      leavesOut: footer,
      pin: csvPin({ skip_footer: footer.lines }),
    });
  if (headers)
    yield decision((pins.header ?? pins.header_rows) ? 'pinned' : 'likely', {
      about: 'header',
      chosen: 'repeated in the file',
      evidence: `${headers.lines} records are the header again, as in files that were joined`,
      leavesOut: headers,
      pin: csvPin({ header: true }),
    });
  if (paddedRows > 0)
    yield decision(pins.ragged === undefined ? 'guess' : 'pinned', {
      about: 'missing cells',
      chosen: 'NULL at the end of their rows',
      evidence: `${paddedRows} rows have fewer than ${names.length} fields`,
      pin: csvPin({ ragged: 'pad' }),
    });
  if (markInFirstRow)
    yield decision(pins.encoding === undefined ? 'likely' : 'pinned', {
      about: 'byte order mark',
      chosen: 'left out of the first cell',
      evidence: 'it stands before the first row',
      leavesOut: { bytes: 3, lines: 0, text: '' },
      pin: csvPin({ encoding }),
    });
  if (markedRows > 0)
    yield decision(pins.encoding === undefined ? 'guess' : 'pinned', {
      about: 'byte order mark',
      chosen: 'kept within the table',
      evidence: `${markedRows} rows begin with one, as files that were joined do`,
      pin: csvPin({ encoding }),
    });
  if (names.some((name) => name.includes('\uFEFF')))
    yield decision(pins.names === undefined ? 'guess' : 'pinned', {
      about: 'byte order mark',
      chosen: 'kept in the name of a column',
      evidence: 'there is one within the header, which nobody sees',
      pin: csvPin({ names: names.map((name) => name.replaceAll('\uFEFF', '')) }),
    });
  if (endMarks > 0)
    yield decision(pins.encoding === undefined ? 'likely' : 'pinned', {
      about: 'footer',
      chosen: 'the end mark of DOS',
      evidence: `the file ends with 0x1A`,
      leavesOut: { bytes: endMarks, lines: 0, text: '\x1a' },
      pin: csvPin({ encoding }),
    });
}
