/** Doubts rows that have as many fields as the others, but not in their places: a delimiter is lost, and another one too many. */
import { decision, type Decision } from '../decision.js';
import { kindOf, type Kind } from './column-kinds.js';
import type { Dialect } from './dialect.js';
import { csvPin } from './pin-text.js';
import type { TextPins } from './pins.js';
import type { SampleRecord } from './sample.js';

const LOOKED_RECORDS = 300;
/** Fewer do not show what a column is made of. */
const FEWEST_OTHERS = 2;
/** One cell of another kind is an odd value. */
const FEWEST_ODD = 2;

/** They are kept as rows: where their cells belong, the file does not say. `records` are those below the header. */
export function* aboutShiftedRows(
  records: readonly SampleRecord[],
  fields: number,
  dialect: Dialect,
  pins: TextPins,
): Generator<Decision> {
  if (fields <= FEWEST_ODD || pins.delimiter !== undefined) return;
  const rows = records.slice(0, LOOKED_RECORDS).filter((record) => record.fields === fields);
  const kinds = rows.map(({ texts }) => texts.map(kindOf));
  const columns = Array.from({ length: fields }, (_x, column) => {
    const of = kinds.map((row) => row[column]).filter((kind) => kind !== undefined);
    const values = of.filter(isOfValues).length;
    return { values, words: of.length - values };
  });
  const at = kinds.findIndex((row) => isShifted(row, columns));
  if (at === -1) return;
  const { delimiter } = dialect;
  yield decision('guess', {
    about: 'delimiter',
    chosen: `${JSON.stringify(delimiter)} in line ${rows[at]!.line}, too`,
    evidence: 'words stand under values there, as where one is lost and another one too many',
    pin: csvPin({ delimiter }),
  });
}

/** In several columns it is the only one of its kind, and in one at least a word among values. */
function isShifted(
  row: ReadonlyArray<Kind | undefined>,
  columns: ReadonlyArray<{ readonly values: number; readonly words: number }>,
): boolean {
  const odd = row.filter((kind, at) => {
    if (kind === undefined) return false;
    const { values, words } = columns[at]!;
    const [alike, others] = isOfValues(kind) ? [values, words] : [words, values];
    return alike === 1 && others >= FEWEST_OTHERS;
  });
  return odd.length >= FEWEST_ODD && odd.some((kind) => !isOfValues(kind!));
}

function isOfValues(kind: Kind): boolean {
  return kind === 'number' || kind === 'day';
}
