/** Where two versions differ by more than `drift:` allows, told by their descriptions alone. */
import type { DriftFinding } from '../catalog/index.js';
import type { DriftLimits } from '../config/drift.js';
import { humanCount } from '../human.js';
import {
  classesOf,
  diffVersions,
  targetOf,
  type ColumnDiff,
  type ComparedTable,
  type TableDiff,
} from './diff.js';

/** Everything past the limits, by table; what is only new is never drift. */
export function findDrift(
  before: readonly ComparedTable[],
  after: readonly ComparedTable[],
  limits: DriftLimits,
  targetColumn: string | undefined,
): DriftFinding[] {
  const old = new Map(before.map((table) => [table.name, table]));
  const now = new Map(after.map((table) => [table.name, table]));
  return diffVersions(before, after, targetColumn).flatMap((diff) => {
    const [was, is] = [old.get(diff.table), now.get(diff.table)];
    if (!was) return [];
    if (!is) {
      const gone = {
        table: diff.table,
        what: 'dropped',
        before: 'a table',
        after: 'none',
      } as const;
      return limits.dropped_columns ? [gone] : [];
    }
    return [
      ...rowsDrift(diff, was.rows, is.rows, limits),
      ...diff.columns.flatMap((column) => columnDrift(diff, column, was, is, limits)),
      ...classesDrift(was, is, limits, targetColumn),
    ];
  });
}

/** `people.age: retyped: TINYINT → VARCHAR`. */
export function driftText({ table, column, what, before, after }: DriftFinding): string {
  const place = column === undefined ? table : `${table}.${column}`;
  return `${place}: ${WORDS[what]}: ${before} → ${after}`;
}

const WORDS: Readonly<Record<DriftFinding['what'], string>> = {
  dropped: 'gone',
  retyped: 'another type',
  rows: 'number of rows',
  nulls: 'share of missing values',
  classes: 'share of a class of the target',
};

function rowsDrift(
  { table }: TableDiff,
  before: number,
  after: number,
  { rows_percent }: DriftLimits,
): DriftFinding[] {
  if (Math.abs(after - before) * 100 <= rows_percent * before) return [];
  return [{ table, what: 'rows', before: humanCount(before), after: humanCount(after) }];
}

function columnDrift(
  { table }: TableDiff,
  { column, change, type, nulls }: ColumnDiff,
  before: ComparedTable,
  after: ComparedTable,
  { dropped_columns, retyped_columns, nulls_points }: DriftLimits,
): DriftFinding[] {
  const where = { table, column };
  if (change === 'added') return [];
  if (change === 'removed') {
    const gone = { ...where, what: 'dropped', before: type.before!, after: 'none' } as const;
    return dropped_columns ? [gone] : [];
  }
  const found: DriftFinding[] = [];
  if (retyped_columns && kindOf(type.before!) !== kindOf(type.after!)) {
    found.push({ ...where, what: 'retyped', before: type.before!, after: type.after! });
  }
  if (nulls.before === undefined || nulls.after === undefined) return found;
  const [was, is] = [share(nulls.before, before.rows), share(nulls.after, after.rows)];
  if (isPast(was, is, nulls_points)) {
    found.push({ ...where, what: 'nulls', before: percent(was), after: percent(is) });
  }
  return found;
}

/** A class that one side does not list has a share of its own only where that side lists all it has. */
function classesDrift(
  before: ComparedTable,
  after: ComparedTable,
  { classes_points }: DriftLimits,
  targetColumn: string | undefined,
): DriftFinding[] {
  const [was, is] = [classShares(before, targetColumn), classShares(after, targetColumn)];
  if (!was || !is) return [];
  const where = { table: before.name, column: was.column, what: 'classes' } as const;
  return [...new Set([...was.shares.keys(), ...is.shares.keys()])].flatMap((value) => {
    const one = was.shares.get(value) ?? (was.areAll ? 0 : undefined);
    const other = is.shares.get(value) ?? (is.areAll ? 0 : undefined);
    if (one === undefined || other === undefined) return [];
    // A class that comes or goes changes what there is to predict, however rare it is.
    const isPresence = one === 0 || other === 0;
    if (!isPresence && !isPast(one, other, classes_points)) return [];
    return [{ ...where, before: percent(one), after: percent(other) }];
  });
}

function classShares(table: ComparedTable, targetColumn: string | undefined) {
  const target = targetOf(table, targetColumn);
  // Values of persons are counted by their masks.
  if (!target || target.personalData !== undefined) return undefined;
  const { nullCount, sampledRows = table.rows } = target.stats as Record<string, number>;
  const classes = classesOf(target);
  const sum = [...classes.values()].reduce((all, one) => all + one, 0);
  return {
    column: target.name,
    shares: new Map([...classes].map(([value, n]) => [value, share(n, sampledRows)])),
    areAll: sampledRows === table.rows && sum === table.rows - nullCount!,
  };
}

/** What a reader has to change for: a wider integer is an integer. */
function kindOf(type: string): string {
  if (/^(TINYINT|SMALLINT|INTEGER|BIGINT)$/.test(type)) return 'integer';
  if (/^(FLOAT|DOUBLE)$/.test(type)) return 'float';
  return type.replace(/^DECIMAL\(.*/, 'DECIMAL');
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** Far below what is shown: 45 % is 15 points from 30 %, whatever doubles make of it. */
const ROUNDING = 1e-9;

function isPast(before: number, after: number, points: number): boolean {
  return Math.abs(after - before) * 100 > points + ROUNDING;
}

function percent(of: number): string {
  return `${(of * 100).toFixed(1)} %`;
}
