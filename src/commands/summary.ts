/** The table that ends every import: one line a dataset, then what failed and what to do. */
import type { FailedTables, ImportResult } from '../contract.js';
import { humanBytes, humanCount } from '../human.js';
import { appendedText } from './appended-text.js';
import { textTable, type Column } from './text-table.js';

const COLUMNS: readonly Column[] = [
  { head: 'dataset', wraps: true },
  { head: 'outcome' },
  { head: 'tables', drop: 1 },
  { head: 'rows' },
  { head: 'CSV' },
  { head: 'Parquet' },
  { head: 'ratio', drop: 3 },
  { head: 'seconds' },
  { head: 'cache', drop: 2 },
];

/** @param width - of the terminal; absent for a file or a pipe */
export function importSummary(imports: readonly ImportResult[], width?: number): string {
  const failures = imports.flatMap(({ dataset, failure }) =>
    failure
      ? [`${dataset}: ${failure.code}: ${failure.message}\n  Next step: ${failure.nextStep}`]
      : [],
  );
  const warnings = imports.flatMap(({ dataset, warnings: found }) =>
    found.map((text) => `${dataset}: warning: ${text}`),
  );
  const failed = imports.flatMap(({ dataset, failed: tables }) =>
    tables === undefined ? [] : failedText(dataset, tables),
  );
  const skipped = imports.flatMap(({ dataset, tables, skipped: kinds, kept }) => {
    if (kinds === undefined && kept === undefined) return [];
    const parts = [
      `${tables} ${tables === 1 ? 'table' : 'tables'}`,
      ...(kept ? [`${humanCount(kept.files)} files kept, ${humanBytes(kept.bytes)}`] : []),
      ...(kinds === undefined ? [] : [`skipped: ${kinds}`]),
    ];
    return [`${dataset}: ${parts.join('; ')}`];
  });
  const appended = imports.flatMap(({ dataset, appended: tables = [] }) =>
    tables.map(({ table, ...files }) => `${dataset}: ${table}: ${appendedText(files)}`),
  );
  return [
    textTable(COLUMNS, imports.map(row), width),
    totals(imports),
    ...skipped,
    ...appended,
    ...warnings,
    ...failed,
    ...failures,
  ].join('\n');
}

/** Of a version that is published all the same. */
function failedText(dataset: string, { count, first }: FailedTables): string[] {
  const what = count === 1 ? 'a table that has' : `${count} tables that have`;
  const more = count - first.length;
  return [
    `${dataset}: published without ${what} failed`,
    ...first.flatMap(({ table, code, message, nextStep }) => [
      `  ${table}: ${code}: ${message}`,
      `    Next step: ${nextStep}`,
    ]),
    ...(more > 0 ? [`  ... and ${more} more, in the catalog`] : []),
  ];
}

function row(result: ImportResult): string[] {
  const { sourceBytes, parquetBytes, cacheHit } = result;
  return [
    result.dataset,
    result.outcome,
    String(result.tables),
    rowsOf(result),
    sourceBytes > 0 ? humanBytes(sourceBytes) : '-',
    parquetBytes > 0 ? humanBytes(parquetBytes) : '-',
    parquetBytes > 0 ? (sourceBytes / parquetBytes).toFixed(1) : '-',
    (result.durationMs / 1000).toFixed(1),
    cacheHit === undefined ? '-' : cacheHit ? 'hit' : 'miss',
  ];
}

/** A table that was taken over has its rows, too. */
function rowsOf({ rows, carriedRows = 0 }: ImportResult): string {
  if (carriedRows === 0) return rows.toLocaleString('en');
  const carried = `${carriedRows.toLocaleString('en')} (carried over)`;
  return rows === 0 ? carried : `${rows.toLocaleString('en')} + ${carried}`;
}

function totals(imports: readonly ImportResult[]): string {
  const count = (outcome: ImportResult['outcome']): number =>
    imports.filter((result) => result.outcome === outcome).length;
  const held = count('held') > 0 ? `, ${count('held')} held` : '';
  const transferred = imports.reduce((sum, { transferredBytes }) => sum + transferredBytes, 0);
  return [
    `\n${imports.length} datasets: ${count('published')} published, ${count('up-to-date')} up-to-date, ${count('failed')} failed${held}`,
    `${humanBytes(transferred)} transferred`,
  ].join('; ');
}
