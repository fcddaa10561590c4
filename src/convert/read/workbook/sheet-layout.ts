/** Decides how the rows of a sheet are a table: which name its columns, which are notes below it. */
import type { Range } from '@e965/xlsx';
import type { SheetPins } from '../../../config/sheets.js';
import { decision, type Certainty, type Decision } from '../decision.js';
import { findHeader } from '../text/header.js';
import { hasTwoHeaders, joinNames } from '../text/header-rows.js';
import { fillMerged, spanningRows } from './merged-cells.js';
import { sheetDoubts, type Pin } from './sheet-doubts.js';
import { footerRows } from './sheet-footer.js';
import { rangeName } from './sheet-range.js';
import type { SheetRegion, SheetRow } from './sheet-region.js';

export interface SheetLayout {
  /** One a column; `''` where the sheet has none. */
  readonly names: readonly string[];
  /** Below the header, without the footer. */
  readonly rows: readonly SheetRow[];
  readonly headerRows: number;
  readonly decisions: readonly Decision[];
}

const SAMPLE_ROWS = 300;
/** Rows that may name columns together. */
const MOST_HEADERS = 10;

export function layOut(
  region: SheetRegion,
  merges: readonly Range[],
  pins: Partial<SheetPins>,
  pin: Pin,
): SheetLayout {
  const { from, to, rows } = region;
  const texts = ({ cells }: SheetRow): string[] =>
    Array.from({ length: to - from }, (_x, column) => cells[from + column] ?? '');
  const top = fillMerged(rows.slice(0, MOST_HEADERS), merges).map(texts);
  const sample = [...top, ...rows.slice(MOST_HEADERS, SAMPLE_ROWS).map(texts)];
  const spanning = spanningRows(rows[0]!.at, from, to, merges);
  const header = decideHeader(sample, spanning, pins.header_rows);
  const headerRows = Math.min(header.count, rows.length - 1);
  const below = rows.slice(headerRows);
  const left = Math.min(pins.skip_footer ?? footerRows(below, to - from), below.length);
  const records = below.slice(0, below.length - left);
  const found =
    headerRows === 0 ? Array<string>(to - from).fill('') : joinNames(top.slice(0, headerRows));
  return {
    names: found.map((name, column) => pins.names?.[column] ?? name),
    rows: pins.merged === 'fill' ? fillMerged(records, merges) : records,
    headerRows,
    decisions: [
      ...aboutTitles(region, pin),
      aboutHeader(header, rows[0]!.at, pin),
      ...aboutFooter(below.slice(below.length - left), pins, pin),
      ...[...sheetDoubts(region, records, merges, pin)].filter(
        ({ about }) => !isSettled(about, pins),
      ),
    ],
  };
}

interface Header {
  readonly count: number;
  readonly certainty: Certainty;
  readonly evidence: string;
}

/** Nearly every sheet has a header: there is none only where that is likely at least. */
function decideHeader(
  sample: ReadonlyArray<readonly string[]>,
  spanning: number,
  pinned: number | undefined,
): Header {
  if (pinned !== undefined) return { count: pinned, certainty: 'pinned', evidence: 'pinned' };
  if (spanning > 0 && spanning < Math.min(sample.length - 1, MOST_HEADERS)) {
    const evidence = 'names in merged cells stand above others';
    return { count: spanning + 1, certainty: 'likely', evidence };
  }
  const records = sample.map((texts) => ({ texts }));
  const { isHeader, certainty, evidence } = findHeader(records);
  const two = isHeader ? hasTwoHeaders(records) : 'no';
  if (two !== 'no') {
    const doubt = 'the second row may be one of names, too';
    return { count: two === 'yes' ? 2 : 1, certainty: 'guess', evidence: doubt };
  }
  return { count: isHeader || certainty === 'guess' ? 1 : 0, certainty, evidence };
}

function aboutHeader({ count, certainty, evidence }: Header, at: number, pin: Pin): Decision {
  const words = (rows: number): string => {
    if (rows === 0) return 'none: columns get numbers';
    return rows === 1 ? `row ${at + 1}` : `${rows} rows from row ${at + 1} on, their names joined`;
  };
  return decision(certainty, {
    ...{ about: 'header', chosen: words(count), evidence },
    alternatives: certainty === 'guess' ? [{ chosen: words(count === 1 ? 0 : 1), rows: [] }] : [],
    pin: pin({ header_rows: count }),
  });
}

function* aboutTitles({ titles, from, to, rows }: SheetRegion, pin: Pin): Generator<Decision> {
  if (titles.length === 0) return;
  const whole = { rows: { from: rows[0]!.at, to: rows.at(-1)!.at + 1 }, columns: { from, to } };
  yield decision('likely', {
    about: 'title',
    chosen: rowsInWords(titles, 'above the table'),
    evidence: 'they fill few of its columns',
    leavesOut: leavesOut(titles),
    pin: pin({ range: rangeName(whole) }),
  });
}

function* aboutFooter(
  rows: readonly SheetRow[],
  { skip_footer }: Partial<SheetPins>,
  pin: Pin,
): Generator<Decision> {
  if (rows.length === 0) return;
  yield decision(skip_footer === undefined ? 'likely' : 'pinned', {
    about: 'footer',
    chosen: rowsInWords(rows, 'below the table'),
    evidence: skip_footer === undefined ? 'one text each, as notes are' : 'pinned',
    leavesOut: leavesOut(rows),
    pin: pin({ skip_footer: rows.length }),
  });
}

function rowsInWords(rows: readonly SheetRow[], where: string): string {
  return `${rows.length === 1 ? `row ${rows[0]!.at + 1}` : `${rows.length} rows`} ${where}`;
}

/** Bytes of the texts: those of the file have no order that is the rows'. */
function leavesOut(rows: readonly SheetRow[]): NonNullable<Decision['leavesOut']> {
  const text = rows
    .map(({ cells }) => cells.filter((cell) => cell !== undefined).join('\t'))
    .join('\n');
  return { bytes: Buffer.byteLength(text), lines: rows.length, text };
}

/** What a person has pinned is not asked again. */
function isSettled(about: Decision['about'], pins: Partial<SheetPins>): boolean {
  if (about === 'table') return pins.range !== undefined;
  if (about === 'footer') return pins.skip_footer !== undefined;
  return about === 'missing cells' && pins.merged !== undefined;
}
