/** The table that ends every import: one line a dataset, then what failed and what to do. */
import type { ImportResult } from '../contract.js';
import { humanBytes } from '../human.js';
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
  const skipped = imports.flatMap(({ dataset, tables, skipped: kinds }) =>
    kinds === undefined
      ? []
      : [`${dataset}: ${tables} ${tables === 1 ? 'table' : 'tables'}; skipped: ${kinds}`],
  );
  return [
    textTable(COLUMNS, imports.map(row), width),
    totals(imports),
    ...skipped,
    ...warnings,
    ...failures,
  ].join('\n');
}

function row(result: ImportResult): string[] {
  const { sourceBytes, parquetBytes, cacheHit } = result;
  return [
    result.dataset,
    result.outcome,
    String(result.tables),
    result.rows.toLocaleString('en'),
    sourceBytes > 0 ? humanBytes(sourceBytes) : '-',
    parquetBytes > 0 ? humanBytes(parquetBytes) : '-',
    parquetBytes > 0 ? (sourceBytes / parquetBytes).toFixed(1) : '-',
    (result.durationMs / 1000).toFixed(1),
    cacheHit === undefined ? '-' : cacheHit ? 'hit' : 'miss',
  ];
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
