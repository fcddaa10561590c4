/** Holds a written table against the quality checks and the machine-learning target of its entry. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetEntry } from '../../../config/datasets.js';
import { ImportError } from '../../../errors/index.js';
import type { CheckResult } from '../../types.js';
import type { CheckedTable } from './checked-table.js';
import { findColumn, unknownColumn, type Verdict } from './columns.js';
import { evaluateRule } from './rules.js';
import { checkTarget } from './target.js';

/**
 * Evaluates `checks.rules`, `target_column` and `ml_task` on the written Parquet.
 * A check without its own severity has the entry's `checks.severity`.
 * @param targetRequired Set false for a table of several, of which another may hold the target.
 * @returns every result, also the passed ones
 * @throws CHECK_FAILED naming every failed check of severity `fail`, with expected and found
 */
export async function runChecks(
  connection: DuckDBConnection,
  table: CheckedTable,
  targetRequired = true,
): Promise<CheckResult[]> {
  const { entry } = table;
  const results: CheckResult[] = [];
  for (const rule of entry.checks.rules) {
    // In a dataset of several tables a rule speaks of those that have its columns.
    if (!targetRequired && !ruleColumns(rule).every((name) => findColumn(table.columns, name))) {
      continue;
    }
    const verdict = await evaluateRule(connection, table, rule);
    results.push({ ...verdict, severity: rule.severity ?? entry.checks.severity });
  }
  if (targetRequired) {
    for (const verdict of unknownPins(table)) {
      results.push({ ...verdict, severity: entry.checks.severity });
    }
  }
  for (const verdict of checkTarget(table, targetRequired)) {
    results.push({ ...verdict, severity: entry.checks.severity });
  }
  const failed = results.filter(({ passed, severity }) => !passed && severity === 'fail');
  if (failed.length > 0) {
    throw new ImportError('CHECK_FAILED', {
      place: entry.name,
      found: failed.map(({ check, message }) => `${check}: ${message}`).join('; '),
    });
  }
  return results;
}

/** A pin that no column has is a slip of the pen, which would otherwise go unnoticed. */
function unknownPins({ columns, entry }: CheckedTable): Verdict[] {
  return Object.keys(entry.columns ?? {})
    .filter((name) => !findColumn(columns, name))
    .map((name) => ({
      check: 'columns',
      column: name,
      passed: false,
      message: unknownColumn(columns, name),
    }));
}

function ruleColumns(rule: DatasetEntry['checks']['rules'][number]): string[] {
  if ('row_count' in rule) return [];
  if ('unique' in rule) return rule.unique;
  if ('missing' in rule) return [rule.missing.column];
  if ('accepted_values' in rule) return [rule.accepted_values.column];
  if ('range' in rule) return [rule.range.column];
  if ('regex' in rule) return [rule.regex.column];
  return [rule.freshness.column];
}
