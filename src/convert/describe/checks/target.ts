/** Checks that a table can serve the machine-learning task its entry names. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetEntry } from '../../../config/datasets.js';
import { parquetRelation, typeFamily } from '../parquet-relation.js';
import { quoteIdentifier } from '../../relation.js';
import { findColumn, unknownColumn, type CheckedColumn, type Verdict } from './columns.js';

/** A classification with more classes than this, nearly all of them single, is a mistaken task. */
const MANY_CLASSES = 1000;

export async function checkTarget(
  connection: DuckDBConnection,
  table: {
    readonly files: string[];
    readonly columns: readonly CheckedColumn[];
    readonly entry: DatasetEntry;
  },
  targetRequired: boolean,
): Promise<Verdict[]> {
  const { columns, entry, files } = table;
  const tasks = (entry.ml_task ?? []).map((task) => task.toLowerCase());
  const name = entry.target_column;
  if (name === undefined) return [];
  const column = findColumn(columns, name);
  if (!column) {
    if (!targetRequired) return [];
    return [
      {
        check: 'target_column',
        column: name,
        passed: false,
        message: unknownColumn(columns, name),
      },
    ];
  }
  const verdicts: Verdict[] = [
    { check: 'target_column', column: name, passed: true, message: `found as ${column.type}` },
  ];
  const isClassification = tasks.some((task) => task.includes('classif'));
  const isRegression = tasks.some((task) => task.includes('regress') && !task.includes('logistic'));
  const isNumeric = ['integer', 'decimal', 'float'].includes(typeFamily(column.type));
  if (isRegression) {
    verdicts.push({
      check: 'ml_task regression',
      column: name,
      // A dataset may serve both tasks; then text is a class.
      passed: isNumeric || isClassification,
      message: `expected a numeric target, found ${column.type}`,
    });
  }
  if (isClassification) verdicts.push(await classes(connection, files, column, name, tasks));
  return verdicts;
}

async function classes(
  connection: DuckDBConnection,
  files: readonly string[],
  column: CheckedColumn,
  name: string,
  tasks: readonly string[],
): Promise<Verdict> {
  const sql = quoteIdentifier(column.name);
  const reader = await connection.runAndReadAll(
    `SELECT count(DISTINCT ${sql})::DOUBLE, count(${sql})::DOUBLE FROM ${parquetRelation(files)}`,
  );
  const [distinct, values] = reader.getRows()[0] as [number, number];
  const binary = tasks.some((task) => task.includes('binary'));
  if (binary) {
    return {
      check: 'ml_task classification',
      column: name,
      passed: distinct === 2,
      message: `expected two classes, found ${distinct}`,
    };
  }
  const plausible = distinct <= MANY_CLASSES || distinct <= values / 2;
  return {
    check: 'ml_task classification',
    column: name,
    passed: distinct >= 2 && plausible,
    message: `expected at least two classes${plausible ? '' : ' and fewer than rows'}, found ${distinct} in ${values} values`,
  };
}
