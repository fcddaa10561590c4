/** Words what `inspect` has found, for a terminal of 80 columns. */
import { stringify } from 'yaml';
import type { DatasetEntry } from '../config/datasets.js';
import type { Alternative, Decision } from '../convert/read/decision.js';
import type { ColumnDescription, SkippedFile, TableDescription } from '../convert/types.js';
import { humanBytes } from '../human.js';
import { cut, LINE_WIDTH, wrap } from './fit.js';
import type { Inspection } from './inspect.js';
import { textTable } from './text-table.js';

const MOST_CELL = 18;
const MOST_NAME = 24;
const MOST_TYPE = 24;
const MOST_RULE = 17;
const MOST_ALTERNATIVE_CELL = 12;
/** Of a table that has thousands, the first ones tell enough. */
const MOST_COLUMNS = 40;
const MOST_SKIPPED = 10;

/** @param skipped what else the dataset holds, and why it is no table */
export function reportOf(
  inspection: Inspection,
  entry: DatasetEntry,
  skipped: readonly SkippedFile[],
): string {
  const { description, firstRows, refused, pins } = inspection;
  const { table, result, columns } = description;
  const { rows, rejects } = result;
  const size = humanBytes(table.sourceBytes);
  const counts = [
    `${count(rows, 'row')}`,
    count(columns.length, 'column'),
    count(rejects, 'reject'),
  ];
  const sections: [string, string | undefined][] = [
    ['', wrap(`${table.originalPath} (${size}, ${table.format}): ${counts.join(', ')}`, 2)],
    ['', refused && stopped(refused)],
    ['How it is read', decided(description.decisions)],
    ['Where its bytes are', ledger(description)],
    ['Columns', columnTable(columns)],
    [`First ${count(firstRows.length, 'row')}`, rowTable(firstRows, columns)],
    ['Warnings', bullets(result.warnings)],
    ['Beside it, and no tables', beside(skipped)],
    ['What would settle it, in kaggle_datasets_config.yaml', suggestion(pins, entry)],
  ];
  return sections
    .filter((section): section is [string, string] => section[1] !== undefined && section[1] !== '')
    .map(([title, text]) => (title === '' ? text : `${title}\n${text}`))
    .join('\n\n');
}

function stopped({ code, message, nextStep }: NonNullable<Inspection['refused']>): string {
  const told = `An import would stop. ${code}: ${message}\nNext step: ${nextStep}`;
  return told
    .split('\n')
    .map((line) => wrap(line, 2))
    .join('\n');
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

function decided(decisions: readonly Decision[]): string {
  return decisions.map(decisionLines).join('\n');
}

function decisionLines({ about, column, chosen, certainty, evidence, ...rest }: Decision): string {
  const subject = column === undefined ? about : `${about} of ${column}`;
  const head = `  ${subject.padEnd(12)} ${certainty.padEnd(7)} `;
  const leftOut = rest.leavesOut
    ? `; leaves out ${count(rest.leavesOut.lines, 'line')}: ${JSON.stringify(cut(rest.leavesOut.text, 60))}`
    : '';
  const line = wrap(`${head}${chosen} (${evidence})${leftOut}`, 23);
  return [line, ...rest.alternatives.flatMap(alternativeLines)].join('\n');
}

/** The other way, and the first rows as they would read then. */
function alternativeLines({ chosen, rows }: Alternative): string[] {
  const indent = ' '.repeat(23);
  const shown = rows.map((row) => {
    const cells = row.map((cell) => cut(cell, MOST_ALTERNATIVE_CELL)).join(' | ');
    return `${indent}   ${cut(cells, LINE_WIDTH - 26)}`;
  });
  return [wrap(`${indent}or ${chosen}${shown.length > 0 ? ':' : ''}`, 26), ...shown];
}

function ledger({ byteLedger, table }: TableDescription): string | undefined {
  if (!byteLedger) return undefined;
  const parts = Object.entries(byteLedger).filter(([, { bytes }]) => bytes > 0);
  const rows = parts.map(([kind, { bytes, records }]) => [inWords(kind), records, bytes]);
  const total = parts.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  return indented(
    textTable(
      ['', 'lines', 'bytes'],
      [...rows, [total === table.sourceBytes ? 'the whole file' : 'together', '', total]],
    ),
  );
}

/** `byteOrderMark` -> `byte order mark`. */
function inWords(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function columnTable(columns: readonly ColumnDescription[]): string {
  const shown = columns.slice(0, MOST_COLUMNS);
  const rows = shown.map(({ name, type, proof, stats }) => [
    ...[cut(name, MOST_NAME), cut(type, MOST_TYPE), cut(proof.rule, MOST_RULE)],
    Number(stats['nullCount'] ?? 0),
  ]);
  return [
    indented(textTable(['name', 'type', 'proof', 'missing'], rows)),
    ...more(columns.length - shown.length),
    ...shown.flatMap(remarks),
  ].join('\n');
}

/** What the table of the columns has no room for: masks, words for nothing, and why a type is no narrower. */
function remarks({ name, type, personalData, proof }: ColumnDescription): string[] {
  const tokens = Object.entries(proof.nullTokens).map(([word, times]) => `${word} (${times})`);
  const last = proof.demotions.at(-1);
  const found = last?.value === undefined ? '' : `: ${JSON.stringify(cut(last.value, MOST_CELL))}`;
  const row = last?.row === undefined ? '' : ` in row ${last.row}`;
  const said = [
    ...(personalData === undefined ? [] : [`personal data (${personalData}), masked here`]),
    ...(tokens.length > 0 ? [`missing where it says ${tokens.join(', ')}`] : []),
    ...(last && last.type !== type ? [`not ${last.type}, ${last.reason}${row}${found}`] : []),
  ];
  return said.length > 0 ? [wrap(`  ${cut(name, MOST_NAME)}: ${said.join('; ')}`, 4)] : [];
}

function more(columns: number): string[] {
  return columns > 0 ? [`  and ${count(columns, 'more column')}`] : [];
}

/** As many columns as fit. */
function rowTable(
  rows: Inspection['firstRows'],
  columns: readonly ColumnDescription[],
): string | undefined {
  if (rows.length === 0) return undefined;
  const cells = rows.map((row) => row.map((cell) => (cell === null ? '' : cut(cell, MOST_CELL))));
  const heads = columns.map(({ name }) => cut(name, MOST_CELL));
  let width = 0;
  const fitting = heads.findIndex((head, at) => {
    width += 2 + Math.max(head.length, ...cells.map((row) => row[at]!.length));
    return width > LINE_WIDTH;
  });
  const shown = fitting === -1 ? heads.length : Math.max(fitting, 1);
  const table = textTable(
    heads.slice(0, shown),
    cells.map((row) => row.slice(0, shown)),
  );
  return [indented(table), ...more(heads.length - shown)].join('\n');
}

function beside(skipped: readonly SkippedFile[]): string {
  const shown = skipped.slice(0, MOST_SKIPPED);
  const others = skipped.length - shown.length;
  return bullets([
    ...shown.map(({ originalPath, reason }) => `${originalPath}: ${reason}`),
    ...(others > 0 ? [`and ${count(others, 'more file')}`] : []),
  ]);
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => wrap(`  - ${line}`, 4)).join('\n');
}

function suggestion(
  pins: Inspection['pins'],
  { name, kaggle_ref, ...entry }: DatasetEntry,
): string | undefined {
  if (Object.keys(pins).length === 0) return undefined;
  const where = kaggle_ref === undefined ? { source: entry.source } : { kaggle_ref };
  return indented(stringify({ datasets: { [name]: { ...where, ...pins } } }).trimEnd());
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
