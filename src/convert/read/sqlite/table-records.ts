/** The records of one table of a database, each value as the text that is exactly it. */
import { ImportError } from '../../../errors/index.js';
import { positionedName } from '../canonical-csv.js';
import type { RecordReader, SourceRecord } from '../record.js';
import { MAX_RECORD_BYTES } from '../record-length.js';
import {
  asUnreadable,
  openDatabase,
  quoted,
  type Database,
  type DatabasePlace,
} from './database.js';
import { columnsOf, foreignKeysOf } from './tables.js';

/** SQLite bounds the columns of a result at 2,000, as those of a table: beside their values there are their classes. */
const COLUMNS_AT_ONCE = 1000;
/** By the first letter of what `typeof` says. */
const CLASSES: Readonly<Record<string, string>> = {
  ...{ i: 'integers', r: 'real numbers', t: 'texts', b: 'binary values' },
};
const SHOWN_COLUMNS = 5;

type Value = number | bigint | string | Uint8Array | null;

/**
 * Real numbers are written with the fewest digits that give them back, binary values in hexadecimal. A text that is
 * not UTF-8 makes its record a reject.
 * @throws FORMAT_UNREADABLE, RECORD_TOO_LONG
 */
export async function tableRecords(at: DatabasePlace, table: string): Promise<RecordReader> {
  const { database, close } = await openDatabase(at);
  try {
    const columns = columnsOf(database, table);
    const foreignKeys = foreignKeysOf(database, table);
    const names = columns.map(({ name }) => name);
    const binary = binaryColumns(database, table, names, at.place);
    return {
      columns: names.map(positionedName),
      declaredTypes: binary.map((isBinary) => (isBinary ? 'VARCHAR' : undefined)),
      originalTypes: columns.map(({ type }) => (type === '' ? 'any' : type)),
      dialect: { table, ...(foreignKeys.length > 0 && { foreignKeys }) },
      source: () => records(at, table, names),
    };
  } catch (error) {
    throw asUnreadable(error, at.place);
  } finally {
    await close();
  }
}

async function* records(
  at: DatabasePlace,
  table: string,
  names: readonly string[],
): AsyncGenerator<SourceRecord> {
  const { database, close } = await openDatabase(at);
  const keys = names.map(positionedName);
  const mixed = names.map(() => new Map<string, number>());
  let line = 0;
  try {
    for (const { classes, values } of rowsOf(database, table, names)) {
      line += 1;
      yield recordOf(line, keys, classes, values);
      for (const [column, counts] of mixed.entries()) {
        const letter = classes[column]!;
        if (letter !== 'n') counts.set(letter, (counts.get(letter) ?? 0) + 1);
      }
    }
  } catch (error) {
    throw asUnreadable(error, at.place);
  } finally {
    await close();
  }
  const remarks = names.flatMap((name, column) => remarkOn(name, mixed[column]!));
  for (const remark of remarks.slice(0, SHOWN_COLUMNS)) yield { remark };
}

/**
 * Which of the columns hold binary values: their hexadecimal digits are text, also where all of them are decimal.
 * @throws RECORD_TOO_LONG before a value is read that no record may be as long as
 */
function binaryColumns(
  database: Database,
  table: string,
  names: readonly string[],
  place: string,
): boolean[] {
  return inParts(names).flatMap((some) => {
    const tests = some.flatMap((name, column) => [
      `max(typeof(${quoted(name)}) = 'blob') AS b${column}`,
      `max(octet_length(${quoted(name)})) AS l${column}`,
    ]);
    const row = database.get(`SELECT ${tests.join(', ')} FROM ${quoted(table)}`);
    const found = row as Record<string, Value>;
    return some.map((name, column) => {
      const bytes = Number(found[`l${column}`]);
      if (bytes > MAX_RECORD_BYTES) throw valueTooLong(`${place}, column "${name}"`, bytes);
      return found[`b${column}`] === 1;
    });
  });
}

function valueTooLong(place: string, bytes: number): ImportError {
  return new ImportError('RECORD_TOO_LONG', {
    place,
    expected: `a record of at most ${MAX_RECORD_BYTES} bytes`,
    found: `a value of ${bytes}`,
    nextStep: 'Leave the table out with `files: {exclude: [...]}`.',
  });
}

function inParts(names: readonly string[]): Array<readonly string[]> {
  const count = Math.ceil(names.length / COLUMNS_AT_ONCE);
  return Array.from({ length: count }, (_x, part) =>
    names.slice(part * COLUMNS_AT_ONCE, (part + 1) * COLUMNS_AT_ONCE),
  );
}

interface Row {
  /** One letter a column. */
  readonly classes: string;
  readonly values: readonly Value[];
}

function* rowsOf(
  database: Database,
  table: string,
  names: readonly string[],
): Generator<Row, void> {
  const [first, ...others] = inParts(names).map((some) => partOfRows(database, table, some));
  if (others.length === 0) return yield* first!;
  for (const row of first!) {
    const parts = [row, ...others.map((part) => part.next().value as Row)];
    yield {
      classes: parts.map(({ classes }) => classes).join(''),
      values: parts.flatMap(({ values }) => values),
    };
  }
  // Each comes to its end, so that nothing of the database stays open.
  for (const part of others) part.next();
}

/** In the order in which the table stores them: an index could give another. */
function* partOfRows(
  database: Database,
  table: string,
  names: readonly string[],
): Generator<Row, void> {
  const values = names.map((name, column) => {
    const value = quoted(name);
    // As bytes: texts that are not UTF-8 would be mended in silence.
    return `CASE typeof(${value}) WHEN 'text' THEN CAST(${value} AS BLOB) ELSE ${value} END AS v${column}`;
  });
  const letters = joined(names.map((name) => `substr(typeof(${quoted(name)}), 1, 1)`));
  const statement = database.prepare(
    `SELECT ${letters} AS classes, ${values.join(', ')} FROM ${quoted(table)} NOT INDEXED`,
  );
  try {
    for (const row of statement.iterate() as Iterable<Record<string, Value>>) {
      yield {
        classes: row['classes'] as string,
        values: names.map((_name, column) => row[`v${column}`]!),
      };
    }
  } finally {
    statement.finalize();
  }
}

/** Halves of halves: a chain of hundreds is deeper than the stack of the build. */
function joined(texts: readonly string[]): string {
  if (texts.length === 1) return texts[0]!;
  const half = texts.length >> 1;
  return `(${joined(texts.slice(0, half))} || ${joined(texts.slice(half))})`;
}

function recordOf(
  line: number,
  keys: readonly string[],
  classes: string,
  values: readonly Value[],
): SourceRecord {
  let bytes = 0;
  const cells = new Map<string, string | null>();
  for (const [column, key] of keys.entries()) {
    const text = textOf(values[column]!, classes[column]!);
    if (text === undefined) {
      const raw = Buffer.from(values[column] as Uint8Array).toString('latin1');
      return { bytes, reject: { line, reason: `column ${column + 1} is not UTF-8`, raw } };
    }
    bytes += text?.length ?? 0;
    cells.set(key, text);
  }
  return { bytes, cells };
}

/** `undefined` for a text that is not UTF-8. */
function textOf(value: Value, storageClass: string): string | null | undefined {
  if (value === null) return null;
  if (storageClass === 'i') return String(value);
  // `1.0`: a real number without a fraction is none of the integers.
  if (storageClass === 'r') return String(value).replace(/^-?\d+$/, '$&.0');
  if (storageClass === 'b') return Buffer.from(value as Uint8Array).toString('hex');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value as Uint8Array);
  } catch {
    return undefined;
  }
}

function remarkOn(name: string, counts: ReadonlyMap<string, number>): string[] {
  const shown = JSON.stringify(name);
  const parts = [...counts].map(([letter, count]) => `${count} ${CLASSES[letter]}`);
  if (parts.length > 1) return [`column ${shown} mixes ${parts.join(', ')}`];
  return counts.has('b') ? [`the binary values of column ${shown} are written in hexadecimal`] : [];
}
