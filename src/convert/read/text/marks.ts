/** Says how sure the delimiter, the quote and the escape of a file are, and what else came into question. */
import { shown } from '../../describe/mask.js';
import { decision, type Alternative, type Certainty, type Decision } from '../decision.js';
import { haveSameTexts, type Candidate } from './candidates.js';
import { isDecimal, isNumber, isValue } from './cell-shapes.js';
import { delimiterDoubt, DOUBT, rival } from './delimiter-doubt.js';
import { WHITESPACE, type Dialect } from './dialect.js';
import { csvPin } from './pin-text.js';
import type { TextPins } from './pins.js';
import type { SampleRecord } from './sample.js';
import { strayQuotes } from './stray-quotes.js';

const SHOWN_ROWS = 3;
/** Of one delimiter. */
const MOST_MARKS = 4;
const FEWEST_READINGS = 3;
const FEWEST_DECIMALS = 2;
const USUAL = [',', ';', '\t', '|'];

export function decideMarks(candidates: readonly Candidate[], pins: TextPins): Decision[] {
  const [best] = candidates;
  return [
    aboutDelimiter(best!, candidates, pins),
    ...aboutQuotes(best!, candidates, pins),
    aboutLineEnd(best!, pins),
  ];
}

/** The other one may end lines, too, where it stands within fields that are not quoted. */
function aboutLineEnd({ dialect, records }: Candidate, pins: TextPins): Decision {
  const { newline, delimiter } = dialect;
  const other = newline === '\n' ? '\r' : '\n';
  const within = records.filter(
    ({ raw, texts, quoted }) =>
      raw.includes(other) && texts.filter((text) => text.includes(other)).length > quoted,
  ).length;
  const isPinned = pins.delimiter !== undefined;
  return decision(within === 0 ? 'sure' : isPinned ? 'pinned' : 'guess', {
    about: 'line end',
    chosen: newline === '\n' ? '\\n or \\r\\n' : '\\r',
    evidence:
      'counted outside quotes' +
      (within === 0 ? '' : `, but ${within} records have ${JSON.stringify(other)} in their fields`),
    pin: csvPin({ delimiter }),
  });
}

function aboutDelimiter(
  best: Candidate,
  candidates: readonly Candidate[],
  pins: TextPins,
): Decision {
  const { dialect, fields, regular, records, score } = best;
  const { delimiter } = dialect;
  const doubt = delimiterDoubt(best, candidates);
  const longer = fields > 1 ? longerDelimiter(best) : undefined;
  const isClear = score - (rival(best, candidates)?.score ?? 0) > 3 * DOUBT;
  const undoubted: Certainty = fields > 1 && isClear ? 'sure' : 'likely';
  const isUsual = USUAL.includes(delimiter) || areReadings(best);
  const isGuess = doubt ?? longer ?? (fields > 1 && !isUsual);
  return decision(pins.delimiter !== undefined ? 'pinned' : isGuess ? 'guess' : undoubted, {
    about: 'delimiter',
    chosen: fields > 1 ? nameOf(delimiter) : 'none: one column',
    evidence:
      `${regular} of ${records.length} records have ${fields} fields` +
      (doubt ? `, but ${doubt.because}` : ''),
    alternatives: longer
      ? [{ chosen: nameOf(longer), rows: [] }]
      : doubt
        ? [
            doubt.other
              ? alternative(nameOf(doubt.other.dialect.delimiter), doubt.other)
              : { chosen: fields > 1 ? 'none: one column' : 'another delimiter', rows: [] },
          ]
        : [],
    pin: csvPin({ delimiter }),
  });
}

/** Numbers side by side, several of them with decimals: no days, no telephone numbers, and no thousands. */
function areReadings({ dialect, fields, records }: Candidate): boolean {
  return (
    dialect.delimiter === ' ' &&
    records.length >= FEWEST_READINGS &&
    records.every(
      ({ texts }) =>
        texts.length === fields &&
        texts.every(isNumber) &&
        texts.filter(isDecimal).length >= FEWEST_DECIMALS,
    )
  );
}

/** The delimiter may be longer: with blanks beside it, or with what stands between each two fields everywhere. */
function longerDelimiter({ dialect, fields, records }: Candidate): string | undefined {
  const { delimiter } = dialect;
  const rows = records.filter((record) => record.fields === fields);
  if (delimiter === WHITESPACE) return undefined;
  for (let period = 2; period <= MOST_MARKS && period < fields; period += 1) {
    // Once in one record is chance.
    const times = (rows.length * (fields - 1)) / period;
    if ((fields - 1) % period !== 0 || times < 2) continue;
    const [between] = betweenFields(rows[0]!, period, delimiter);
    const isSame = ({ texts, quoted }: SampleRecord): boolean =>
      quoted <= texts.length / period + 1 &&
      betweenFields({ texts }, period, delimiter).every((text) => text === between);
    if (!/[\p{L}\p{N}]/u.test(between!) && rows.every(isSame))
      return `${delimiter}${between}${delimiter}`;
  }
  const behindBlanks = rows.filter(({ texts }) =>
    texts.slice(1).every((text) => /^ (\S| ?$)/.test(text)),
  );
  const betweenBlanks = behindBlanks.filter(({ texts }) =>
    texts.slice(0, -1).every((text) => /(\S|^ ?) $/.test(text)),
  );
  if (betweenBlanks.length > rows.length / 2) return ` ${delimiter} `;
  if (delimiter !== '\t' && rows.every(standsBetweenTabs)) return `\t${delimiter}\t`;
  if (rows.length < 2 || behindBlanks.length < rows.length) return undefined;
  // Numbers are read behind blanks, too.
  const areTexts = rows.some(
    ({ texts }, at) => at > 0 && texts.slice(1).some((text) => !isValue(text)),
  );
  return areTexts ? `${delimiter} ` : undefined;
}

/** As in the taxonomy of NCBI, whose lines end with the mark, too. */
function standsBetweenTabs({ texts }: SampleRecord): boolean {
  const [last = ''] = texts.slice(-1);
  const fields = last === '' ? texts.slice(0, -1) : texts;
  return (
    fields.length > 1 &&
    fields.slice(1).every((text) => text.startsWith('\t')) &&
    fields.slice(0, -1).every((text) => text.endsWith('\t'))
  );
}

/** Where each `period`th field is one, what is left between them. */
function betweenFields(
  { texts }: Pick<SampleRecord, 'texts'>,
  period: number,
  delimiter: string,
): string[] {
  const starts = texts.flatMap((_text, at) => (at % period === 1 ? [at] : []));
  return starts.map((at) => texts.slice(at, at + period - 1).join(delimiter));
}

function nameOf(delimiter: string): string {
  return delimiter === WHITESPACE ? 'runs of blanks' : JSON.stringify(delimiter);
}

function* aboutQuotes(
  best: Candidate,
  candidates: readonly Candidate[],
  pins: TextPins,
): Generator<Decision> {
  const { dialect, records } = best;
  const { quote, escape } = dialect;
  const equal = candidates.filter((one) => one !== best && readsAsWell(one, best));
  const otherQuote =
    equal.find((one) => one.dialect.quote !== quote && one.dialect.quote !== '') ??
    candidates.find((one) => quotesOtherwise(one, best));
  const quoted = records.filter((record) => record.quoted > 0).length;
  const pinned = pins.quote !== undefined;
  const isText = quote === '' && !pinned;
  const inner = strayQuotes(records, quote);
  const isGuess = otherQuote !== undefined || isText || inner > 0;
  yield decision(pinned ? 'pinned' : isGuess ? 'guess' : 'sure', {
    about: 'quote',
    chosen: quote === '' ? 'none: quotes are text' : quote,
    evidence: isText
      ? 'as quotes they would break records apart'
      : `${quoted} of ${records.length} records have quoted fields${inner === 0 ? '' : `, and ${inner} a quote where none would be`}`,
    alternatives: otherQuote ? [alternative(otherQuote.dialect.quote, otherQuote)] : [],
    pin: csvPin({ quote: quote === '' ? 'none' : quote }),
  });
  const otherEscape = equal.find(
    (one) => one.dialect.quote === quote && one.dialect.escape !== escape,
  );
  if (escape !== quote || otherEscape)
    yield decision(
      pins.escape !== undefined
        ? 'pinned'
        : otherEscape || dialect.escapesOutside
          ? 'guess'
          : 'likely',
      {
        about: 'escape',
        chosen: escape === quote ? 'a doubled quote' : escape,
        evidence: otherEscape
          ? 'both read as many fields'
          : 'so records have as many fields as the others',
        alternatives: otherEscape ? [alternative(escapeOf(otherEscape.dialect), otherEscape)] : [],
        pin: csvPin({ escape }),
      },
    );
  if (dialect.blanksBesideQuotes && !pins.trim)
    yield decision('guess', {
      about: 'blanks beside quotes',
      chosen: 'left out',
      evidence: 'some quotes stand behind or before blanks',
      pin: csvPin({ trim: true }),
    });
}

/** It finds quoted fields where the best one finds none. */
function quotesOtherwise(one: Candidate, best: Candidate): boolean {
  const { delimiter, quote } = best.dialect;
  return (
    one.dialect.delimiter === delimiter &&
    one.dialect.quote !== '' &&
    one.dialect.quote !== quote &&
    one.fields === best.fields &&
    one.records.some(({ quoted }) => quoted > 0) &&
    best.records.every(({ quoted }) => quoted === 0)
  );
}

function escapeOf({ quote, escape }: Dialect): string {
  return escape === quote ? 'a doubled quote' : escape;
}

/** The same records with as many fields: they differ in the texts. */
function readsAsWell(one: Candidate, best: Candidate): boolean {
  return (
    one.dialect.delimiter === best.dialect.delimiter &&
    one.fields === best.fields &&
    one.regular === best.regular &&
    one.records.length === best.records.length &&
    one.dialect.blanksBesideQuotes === best.dialect.blanksBesideQuotes &&
    !haveSameTexts(one, best)
  );
}

export function alternative(chosen: string, { records }: Pick<Candidate, 'records'>): Alternative {
  return {
    chosen,
    rows: records.slice(0, SHOWN_ROWS).map(({ texts }) => texts.map((text) => shown(text, false))),
  };
}
