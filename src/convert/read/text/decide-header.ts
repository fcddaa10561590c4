/** Decides which records name the columns, and which name is whose. */
import { decision, type Decision } from '../decision.js';
import { isValue } from './cell-shapes.js';
import { WHITESPACE, type Dialect } from './dialect.js';
import { hasTwoHeaders, joinNames } from './header-rows.js';
import { findHeader, type HeaderFinding } from './header.js';
import { csvPin } from './pin-text.js';
import type { TextPins } from './pins.js';
import type { Plan, Refusal } from './plan.js';
import { isBelowBlank, type SampleRecord } from './sample.js';
import { isHeading, isProse } from './prose.js';
import { fitNames, type Shape } from './shape.js';
import { splitsThousands } from './split-numbers.js';
import { isUsualName } from './usual-names.js';

type HeaderPlan = Pick<Plan, 'headerRecords' | 'headerLine' | 'headerText' | 'names' | 'padFrom'>;

const PERHAPS_TWO = {
  certainty: 'guess',
  evidence: 'the second record may be one of names, too',
} as const;
const PERHAPS_TITLE = {
  certainty: 'guess',
  evidence: 'a blank line stands below it, as below titles',
} as const;
const PERHAPS_PROSE = { certainty: 'guess', evidence: 'it reads as a sentence' } as const;
const PERHAPS_HEADING = { certainty: 'guess', evidence: 'tables are headed so' } as const;
/** A second record that scores so much of the first one may as well be the header, where columns have a shape. */
const NEARLY = 0.5;
const FEW_VALUES = 8;
/** Records from which on the second one can be told from those below it. */
const FEWEST_BELOW = 3;

/** `records` are those of the sample below titles and comments; most of them have `fields`. */
export function decideHeader(
  records: readonly SampleRecord[],
  fields: number,
  dialect: Dialect,
  pins: TextPins,
): { readonly plan: HeaderPlan; readonly decisions: readonly Decision[] } | Refusal {
  if (records[0]?.isBroken) return brokenHeader(records[0]);
  const at = isPinned(pins) ? 0 : firstOfTable(records, fields);
  const body = withoutRepeats(records.slice(at), fields);
  const [first] = body;
  const found = isPinned(pins) ? undefined : findIn(body, fields);
  const two = found?.isHeader ? hasTwoHeaders(body) : 'no';
  const doubt = found && doubtOf(body, dialect, found.isHeader, two);
  const finding = found && { ...found, ...doubt };
  const rows = finding?.isHeader ? (two === 'yes' ? 2 : 1) : 0;
  const headerRecords = Math.min(
    pins.header_rows ?? (pins.header === undefined ? rows : Number(pins.header)),
    body.length,
  );
  const heads = body.slice(0, headerRecords);
  const below = body.slice(headerRecords);
  const head = joinNames(heads.map(({ texts }) => texts));
  const width = below.length === 0 ? Math.max(head.length, fields) : fields;
  const shape = shapeOf(headerRecords === 0 ? undefined : head, width, below, dialect, pins);
  if (!shape) return oddHeader(first!, head.length, fields, below);
  if ('found' in shape) return shape;
  const names = pins.names ?? shape.names;
  if (names.length !== shape.names.length)
    return {
      line: first?.line ?? 1,
      expected: `${names.length} fields, as csv: names has`,
      found: `${shape.names.length}`,
    };
  return {
    plan: {
      headerRecords,
      headerLine: first?.line ?? 1,
      names,
      ...(headerRecords === 1 && dialect.delimiter !== WHITESPACE && { headerText: heads[0]!.raw }),
      padFrom: pins.ragged === 'pad' ? 1 : (shape.padFrom ?? shape.names.length),
    },
    decisions: [
      aboutHeader(finding, headerRecords, first),
      ...(shape.evidence === '' || pins.names ? [] : [aboutNames(shape)]),
    ],
  };
}

function doubtOf(
  body: readonly SampleRecord[],
  dialect: Dialect,
  isHeader: boolean,
  two: ReturnType<typeof hasTwoHeaders>,
): Pick<HeaderFinding, 'certainty' | 'evidence'> | undefined {
  if (two === 'perhaps') return PERHAPS_TWO;
  if (isHeader && isSetApart(body, dialect)) return PERHAPS_TITLE;
  if (isHeader && isHeading(body[0]!.texts[0]!)) return PERHAPS_HEADING;
  return body.length > 1 && isProse(body, 0) ? PERHAPS_PROSE : undefined;
}

/** By the only blank line so far, and without a usual name. */
function isSetApart(body: readonly SampleRecord[], dialect: Dialect): boolean {
  return (
    body.length > 1 &&
    isBelowBlank(body, 1, dialect) &&
    !(body.length > 2 && isBelowBlank(body, 2, dialect)) &&
    !body[0]!.texts.some(isUsualName)
  );
}

function isPinned({ header, header_rows }: TextPins): boolean {
  return header !== undefined || header_rows !== undefined;
}

/** Files that were joined have their header in the middle, too: it says nothing about the rows. Of one column, it may be one. */
function withoutRepeats(body: readonly SampleRecord[], fields: number): readonly SampleRecord[] {
  const [first] = body;
  if (fields === 1) return body;
  return body.filter(
    (record) => record === first || record.raw.replace(/^\uFEFF/, '') !== first!.raw,
  );
}

/**
 * Where the header may stand: records of other widths above one that is surely a header are no part of the table, and
 * become rejects.
 */
function firstOfTable(records: readonly SampleRecord[], fields: number): number {
  const at = records.findIndex((record) => record.fields === fields);
  if (at <= 0 || fields === 1) return 0;
  const { isHeader, certainty } = findHeader(records.slice(at));
  return isHeader && certainty === 'sure' ? at : 0;
}

/** A first record of another width names the columns when nothing in it is a value; more such records are ragged. */
function findIn(body: readonly SampleRecord[], fields: number): HeaderFinding {
  const odd = body.findIndex((record) => record.fields === fields);
  if (odd <= 0 || fields === 1) {
    const found = findHeader(body);
    if (fields === 1 && found.isHeader && returnsInRows(body))
      return { ...found, certainty: 'guess', evidence: 'the same text stands among the rows, too' };
    if (body.length <= FEWEST_BELOW || body[0]!.texts.some(isUsualName)) return found;
    const below = findHeader(body.slice(1));
    const nearly = body.length > FEW_VALUES ? NEARLY : 1;
    return below.isHeader && below.certainty !== 'guess' && below.score > found.score * nearly
      ? { ...found, certainty: 'guess', evidence: 'the second record looks more like one' }
      : found;
  }
  const { texts } = body[0]!;
  const isHeader = odd === 1 && texts.length > 1 && !texts.some(isValue);
  const evidence = isHeader
    ? 'the first record has no values'
    : 'the first records have other fields than most';
  return { isHeader, certainty: 'likely', evidence, score: 0 };
}

/** A name of one column that returns in it may be the first of its values; once, it is one word among others. */
function returnsInRows([first, ...below]: readonly SampleRecord[]): boolean {
  return below.filter(({ raw }) => raw === first!.raw).length > 1;
}

function shapeOf(
  head: readonly string[] | undefined,
  fields: number,
  below: readonly SampleRecord[],
  dialect: Dialect,
  pins: TextPins,
): Shape | Refusal | undefined {
  if (pins.names && (head === undefined || head.length === fields || pins.names.length === fields))
    return {
      names: pins.names.length === fields ? pins.names : Array.from({ length: fields }, () => ''),
      certainty: 'sure',
      evidence: '',
    };
  if (head === undefined)
    return { names: Array.from({ length: fields }, () => ''), certainty: 'sure', evidence: '' };
  const split = head.length < fields ? splitsThousands(dialect, fields, below) : undefined;
  if (split !== undefined)
    return {
      line: below[0]!.line,
      expected: `${head.length} fields, as the header has`,
      found: `${fields}: columns ${split} and ${split + 1} look like one number whose thousands are set apart`,
    };
  return fitNames(head, fields, below);
}

function aboutHeader(
  finding: HeaderFinding | undefined,
  headerRecords: number,
  first: SampleRecord | undefined,
): Decision {
  const line = first?.line ?? 1;
  const chosen = headerRecords === 0 ? 'none: columns get numbers' : `line ${line}`;
  if (headerRecords > 1)
    return decision(finding ? 'guess' : 'pinned', {
      about: 'header',
      chosen: `${headerRecords} records from line ${line} on, their names joined`,
      evidence: 'two records have words above columns of numbers',
      alternatives: [{ chosen: `line ${line} alone`, rows: [] }],
      pin: csvPin({ header_rows: headerRecords }),
    });
  return decision(finding?.certainty ?? 'pinned', {
    about: 'header',
    chosen,
    evidence: finding?.evidence ?? 'pinned',
    alternatives:
      finding?.certainty === 'guess'
        ? [
            {
              chosen: headerRecords === 0 ? `line ${line}` : 'none: the first record is a row',
              rows: [],
            },
          ]
        : [],
    pin: csvPin({ header: headerRecords > 0 }),
  });
}

function aboutNames({ names, certainty, evidence }: Shape): Decision {
  return decision(certainty, {
    about: 'names',
    chosen:
      names
        .slice(0, 8)
        .map((name) => JSON.stringify(name))
        .join(', ') + (names.length > 8 ? ', ...' : ''),
    evidence,
    pin: csvPin({ names: names.map((name, at) => name || `column_${at + 1}`) }),
  });
}

function brokenHeader({ line }: SampleRecord): Refusal {
  return {
    line,
    expected: 'a header or a first record',
    found: 'a quote that is not closed, or text behind one that is',
  };
}

function oddHeader(
  { line }: SampleRecord,
  names: number,
  fields: number,
  below: readonly SampleRecord[],
): Refusal {
  const regular = below.filter((record) => record.fields === fields).length;
  return {
    line,
    expected: `as many names as the rows have fields`,
    found: `${names} names above ${regular} records of ${fields} fields`,
  };
}
