/** Columns that stay text though every cell is a number or a day as a person may spell it: told with a pin that holds. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetEntry } from '../../config/datasets.js';
import type { Decision } from '../read/decision.js';
import { quoteIdentifier, quoteText } from '../relation.js';
import { columnPin } from './pin-lines.js';
import { pinnedRule } from './pinned.js';
import type { ProvenColumn } from './prove.js';
import { NULL_TOKENS } from './rules.js';
import { possibleSpellings, type Spelling } from './spellings.js';
import { bareText } from './spelled.js';
import { isChanged, isValue } from './sql.js';

interface OpenColumn {
  readonly proven: ProvenColumn;
  readonly spellings: readonly Spelling[];
}

interface Questioned {
  readonly columns: readonly ProvenColumn[];
  readonly entry: DatasetEntry;
  /** Names of columns that hold personal data: no decision shows their values. */
  readonly personal: ReadonlySet<string>;
}

/** Cells that are looked at for a first guess. */
const LOOKED_AT = 100_000;
const MOST_ROWS = 2_000;
const CELL_CHARACTERS = 60;
const SHOWN_ROWS = 3;

/** @param relation of the written Parquet: texts stand there as in the source, and are read faster. */
export async function openSpellings(
  connection: DuckDBConnection,
  relation: string,
  { columns, entry, personal }: Questioned,
): Promise<Decision[]> {
  const tokens = [...new Set([...NULL_TOKENS, ...(entry.csv?.null_tokens ?? []), ''])];
  const decisions: Decision[] = [];
  for (const { proven, spellings } of await suspects(connection, relation, columns, tokens)) {
    const { name, originalName } = proven.column;
    const x = quoteIdentifier(name);
    const value = isValue(x, tokens, bareText(x));
    const rules = spellings.map(({ pin }) => pinnedRule(pin, entry.csv?.decimal));
    const facts = [
      `count_if(${value})`,
      ...rules.map((rule) => `count_if(${isChanged(x, tokens, rule)})`),
      ...tokens.map((token) => `count_if(${x} = ${quoteText(token)})`),
    ];
    const [cells = 0, ...counts] = await numbersOf(connection, facts, relation);
    const ways = spellings
      .map((spelling, index) => ({ ...spelling, rule: rules[index]!, changed: counts[index]! }))
      .filter(({ changed }) => changed === 0)
      // BIGINT and DOUBLE are one way to read a number: the narrower one is told.
      .filter((way, index, all) => all.findIndex(({ words }) => words === way.words) === index);
    const [best] = ways;
    if (!best || cells === 0) continue;
    const missing = tokens.filter(
      (token, index) => token !== '' && counts[rules.length + index]! > 0,
    );
    const unnamed = missing.filter((token) => !entry.csv?.null_tokens?.includes(token));
    const shown = personal.has(name)
      ? []
      : await firstRows(
          connection,
          relation,
          value,
          ways.map(({ rule }) => rule.cast(x)),
        );
    decisions.push({
      ...{ about: best.about, column: originalName, chosen: 'text', certainty: 'guess' },
      evidence: `every one of its ${cells} cells can be read otherwise`,
      alternatives: ways.map(({ words }, index) => ({
        chosen: words,
        rows: shown.map((row) => [row[index]!]),
      })),
      pin: columnPin(name, best.pin, unnamed),
    });
  }
  return entry.csv?.decimal === undefined ? withOneMark(decisions, columns) : decisions;
}

/** Where no column has a decimal point, decimal commas are a matter of the file, told once. */
function withOneMark(decisions: readonly Decision[], columns: readonly ProvenColumn[]): Decision[] {
  const isOfFile = ({ pin }: Decision): boolean => /: \{type: DOUBLE, decimal: ","\}\}$/.test(pin);
  const same = decisions.filter((one) => isOfFile(one) && one.alternatives.length === 1);
  const [first] = same;
  if (!first || columns.some(({ proof }) => /^decimal/.test(proof.rule))) return [...decisions];
  const names = same.map(({ column }) => JSON.stringify(column)).join(', ');
  const { column: _one, ...ofFile } = first;
  return [
    ...decisions.filter((one) => !same.includes(one)),
    {
      ...ofFile,
      chosen: '"."',
      evidence: `${names}: every cell is a number with a decimal comma, and stays text`,
      pin: 'csv: {decimal: ","}',
    },
  ];
}

/** Text columns that some of their first cells, and the one that made them text, speak for. */
async function suspects(
  connection: DuckDBConnection,
  relation: string,
  columns: readonly ProvenColumn[],
  tokens: readonly string[],
): Promise<OpenColumn[]> {
  const texts = columns.filter(
    ({ column: { typed, declared }, proof }) =>
      typed === undefined && declared === undefined && proof.rule === 'text',
  );
  if (texts.length === 0) return [];
  const cells = texts.map(
    ({ column: { name } }) => `left(${quoteIdentifier(name)}, ${CELL_CHARACTERS})`,
  );
  const rows = Math.min(MOST_ROWS, Math.ceil(LOOKED_AT / texts.length));
  const reader = await connection.runAndReadAll(
    // The place within the file spares the threads what lies behind these rows.
    `SELECT ${cells.join(', ')} FROM ${relation} WHERE file_row_number < ${rows} LIMIT ${rows}`,
  );
  const found = reader.getColumns() as Array<Array<string | null>>;
  return texts.flatMap((proven, index) => {
    const ended = proven.proof.demotions.map(({ value }) => value ?? null);
    const values = [...new Set([...(found[index] ?? []), ...ended])].filter(
      (cell): cell is string => cell !== null && !tokens.includes(cell.trim()),
    );
    const spellings = possibleSpellings(values);
    return spellings.length > 0 ? [{ proven, spellings }] : [];
  });
}

async function numbersOf(
  connection: DuckDBConnection,
  counts: readonly string[],
  relation: string,
): Promise<number[]> {
  const list = counts.map((count) => `${count}::DOUBLE`).join(', ');
  const reader = await connection.runAndReadAll(`SELECT ${list} FROM ${relation}`);
  return reader.getRows()[0]!.map(Number);
}

async function firstRows(
  connection: DuckDBConnection,
  relation: string,
  where: string,
  values: readonly string[],
): Promise<string[][]> {
  const list = values.map((value) => `(${value})::VARCHAR`).join(', ');
  const reader = await connection.runAndReadAll(
    `SELECT ${list} FROM ${relation} WHERE ${where} LIMIT ${SHOWN_ROWS}`,
  );
  return reader.getRows().map((row) => row.map(String));
}
