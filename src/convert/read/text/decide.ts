/** Decides from the start of a file how all of it will be read; what a person has pinned wins. */
import { decision, type Decision } from '../decision.js';
import { candidatesFor, type Candidate } from './candidates.js';
import { commentLines, leadingMarks, linesAbove, type LineAbove } from './comments.js';
import { aboutControlMarks } from './control-marks.js';
import { decideHeader } from './decide-header.js';
import { decideMarks } from './marks.js';
import { aboutLastRows } from './last-rows.js';
import { aboutOtherTable } from './other-table.js';
import { aboutJoinedFiles } from './joined-files.js';
import { planOfFixedWidth } from './fixed-width/plan.js';
import { csvPin } from './pin-text.js';
import type { TextPins } from './pins.js';
import type { Plan, Refusal } from './plan.js';
import { linesOf, type Sample, type SampleRecord } from './sample.js';
import { aboutShiftedRows } from './shifted-rows.js';
import { countTitles } from './titles.js';
import { firstCharacters } from '../../../first-characters.js';

const SHOWN_CANDIDATES = 5;
const MOST_ABOVE_CHARACTERS = 4000;

export function decideText(sample: Sample, pins: TextPins): Plan | Refusal {
  if (pins.fixed_width) return planOfFixedWidth(sample, pins.fixed_width, pins);
  const declared =
    pins.skip_lines === undefined ? declaredDelimiter(sample, pins.delimiter) : undefined;
  const known: TextPins =
    declared === undefined ? pins : { ...pins, delimiter: declared, skip_lines: 1 };
  const mayHaveComments = known.skip_lines === undefined && known.comment === undefined;
  const marked = mayHaveComments ? leadingMarks(sample) : [];
  const unmarked = candidatesFor(sample, known, marked.length);
  const comments = marked.length === 0 ? 0 : commentLines(marked, unmarked[0]!);
  // Rows may begin with the mark of comments, too: they count as all others do.
  const candidates = comments === marked.length ? unmarked : candidatesFor(sample, known, comments);
  const { dialect, fields, records } = candidates[0]!;
  const skipped = known.skip_lines ?? comments;

  const titles = known.skip_lines === undefined ? countTitles(records, fields) : 0;
  const body = records.slice(titles);
  const firstLine = body[0]?.line ?? skipped + 1;
  const lines = linesOf(sample, dialect.newline, firstLine);
  const found = linesAbove(lines, firstLine, comments, known.comment);
  if (body.length === 0 && sample.complete)
    return { line: 1, expected: 'a header or a record', found: 'an empty file' };
  const header = decideHeader(body, fields, dialect, known);
  if ('found' in header) return header;
  const named =
    declared === undefined
      ? found
      : found.map((_kind, at) => (at === 0 ? ('header' as const) : ('blank' as const)));
  // Of one column, an empty line is a row with a missing cell, the first one too.
  const isHeadless = fields === 1 && header.plan.headerRecords === 0;
  const above = isHeadless && known.skip_lines === undefined ? withoutBlanks(named) : named;
  const marks = decideMarks(candidates, pins);
  return {
    dialect,
    above,
    aboveText: firstCharacters(lines.slice(0, above.length).join('\n'), MOST_ABOVE_CHARACTERS),
    ...header.plan,
    skipFooter: pins.skip_footer,
    decisions: [
      ...marks,
      ...aboutControlMarks(sample, dialect.delimiter, pins),
      ...(declared === undefined ? aboutLines(lines, above, pins) : []),
      ...header.decisions,
      ...aboutShiftedRows(rowsOf(body, header.plan), fields, dialect, known),
      ...aboutOtherTable(body, fields, dialect, pins),
      ...aboutJoinedFiles(body, fields, header.plan.headerRecords, pins),
      ...aboutLastRows(sample, body, dialect, fields, pins),
    ],
    candidates: candidates.slice(0, SHOWN_CANDIDATES).map(considered),
  };
}

function rowsOf(
  body: readonly SampleRecord[],
  { headerLine, headerRecords }: Pick<Plan, 'headerLine' | 'headerRecords'>,
): readonly SampleRecord[] {
  return body.filter(({ line }) => line >= headerLine).slice(headerRecords);
}

function withoutBlanks<Kind>(above: readonly (Kind | 'blank')[]): readonly (Kind | 'blank')[] {
  return above.slice(0, above.findLastIndex((kind) => kind !== 'blank') + 1);
}

/** Excel's own way to say it, in the first line: `sep=;`; what a person has pinned may be the same, and no other. */
function declaredDelimiter({ bytes }: Sample, pinned: string | undefined): string | undefined {
  const told = /^sep=([^\w"\r\n]|\t)[\r\n]/i.exec(bytes.toString('latin1', 0, 16))?.[1];
  return pinned === undefined || pinned === told ? told : undefined;
}

/** What stands above the table is left out, and told. */
function* aboutLines(
  lines: readonly string[],
  above: ReadonlyArray<LineAbove | 'header'>,
  pins: TextPins,
): Generator<Decision> {
  for (const about of ['comment', 'title'] as const) {
    const texts = lines.filter((_line, at) => above[at] === about);
    if (texts.length === 0) continue;
    const text = texts.join('\n');
    const isPinned = pins.skip_lines !== undefined || (about === 'comment' && pins.comment);
    yield decision(isPinned ? 'pinned' : 'likely', {
      about,
      chosen:
        texts.length === 1 ? 'one line above the table' : `${texts.length} lines above the table`,
      evidence:
        about === 'comment' ? 'they begin with #' : 'they are no records of the table below',
      leavesOut: { bytes: Buffer.byteLength(text) + texts.length, lines: texts.length, text },
      pin: csvPin({ skip_lines: above.length }),
    });
  }
}

function considered({ dialect, fields, score }: Candidate): object {
  const { delimiter, quote, escape } = dialect;
  return { delimiter, quote, escape, fields, score: Math.round(score * 1000) / 1000 };
}
