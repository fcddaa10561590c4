/** Checks that a table can serve the machine-learning task its entry names. */
import type { DatasetEntry } from '../../../config/datasets.js';
import { typeFamily } from '../parquet-relation.js';
import type { CheckedTable } from './checked-table.js';
import { findColumn, unknownColumn, type Verdict } from './columns.js';

/** A classification with more classes than this, nearly all of them single, is a mistaken task. */
const MANY_CLASSES = 1000;

/** What a task of the entry says: its column holds classes. */
export function isClassification({ ml_task: tasks = [] }: DatasetEntry): boolean {
  return tasks.some((task) => task.toLowerCase().includes('classif'));
}

export function checkTarget(
  table: Pick<CheckedTable, 'columns' | 'entry' | 'rows' | 'profiles'>,
  targetRequired: boolean,
): Verdict[] {
  const { columns, entry, rows, profiles } = table;
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
  const holdsClasses = isClassification(entry);
  const isRegression = tasks.some((task) => task.includes('regress') && !task.includes('logistic'));
  const isNumeric = ['integer', 'decimal', 'float'].includes(typeFamily(column.type));
  if (isRegression) {
    verdicts.push({
      check: 'ml_task regression',
      column: name,
      // A dataset may serve both tasks; then text is a class.
      passed: isNumeric || holdsClasses,
      message: `expected a numeric target, found ${column.type}`,
    });
  }
  if (holdsClasses) {
    // Its values are counted, whatever else of the table is estimated.
    const { distinct, nullCount } = profiles.get(column.name)!.stats;
    verdicts.push(classes(Number(distinct), rows - Number(nullCount), name, tasks));
  }
  return verdicts;
}

function classes(
  distinct: number,
  values: number,
  name: string,
  tasks: readonly string[],
): Verdict {
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
