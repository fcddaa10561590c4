/** Evaluates one configured quality rule in DuckDB. */
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { CheckRule } from '../../../config/datasets.js';
import { ImportError } from '../../../errors/index.js';
import { shown } from '../mask.js';
import { parquetRelation, typeFamily } from '../parquet-relation.js';
import { quoteIdentifier } from '../../relation.js';
import type { CheckedTable } from './checked-table.js';
import { findColumn, unknownColumn, type Verdict } from './columns.js';

type Outcome = Omit<Verdict, 'check' | 'column'>;
/** A value as a message may show it. */
type Show = (value: string) => string;

interface AskedColumn {
  readonly sql: string;
  /** As DuckDB spells it. */
  readonly type: string;
  readonly show: Show;
  readonly stats: Readonly<Record<string, unknown>>;
}

/** NULL passes every rule but `missing`, as in SQL constraints. */
export async function evaluateRule(
  connection: DuckDBConnection,
  table: CheckedTable,
  rule: CheckRule,
): Promise<Verdict> {
  const ask = askOf(connection, table.files);
  const onColumn = async (
    check: string,
    name: string,
    evaluate: (column: AskedColumn) => Promise<Outcome> | Outcome,
  ): Promise<Verdict> => {
    const column = findColumn(table.columns, name);
    if (!column) {
      return { check, column: name, passed: false, message: unknownColumn(table.columns, name) };
    }
    const { stats, personalData } = table.profiles.get(column.name)!;
    const outcome = await evaluate({
      ...{ sql: quoteIdentifier(column.name), type: column.type, stats },
      show: (value) => shown(value, personalData !== undefined),
    });
    return { check, column: name, ...outcome };
  };

  if ('row_count' in rule) {
    const { min, max } = rule.row_count;
    const passed = table.rows >= (min ?? 0) && table.rows <= (max ?? Infinity);
    return {
      check: 'row_count',
      passed,
      message: `expected ${bounds(min, max)} rows, found ${table.rows}`,
    };
  }
  if ('missing' in rule) {
    const { column, max_percent: maxPercent } = rule.missing;
    return onColumn('missing', column, ({ stats }) => {
      const nulls = Number(stats['nullCount']);
      const percent = table.rows === 0 ? 0 : (100 * nulls) / table.rows;
      return {
        passed: percent <= maxPercent,
        message: `expected at most ${maxPercent} % missing, found ${short(percent)} % (${nulls} of ${table.rows})`,
      };
    });
  }
  if ('unique' in rule) return unique(table, rule.unique, ask);
  if ('accepted_values' in rule) {
    const { column, values } = rule.accepted_values;
    return onColumn('accepted_values', column, async ({ sql, type, show }) => {
      const accepted = values.map((_, index) => acceptedValue(type, index + 1)).join(', ');
      // A value that is none of the type is NULL, and nothing is in a list for being beside it.
      const outside = `NOT coalesce(list_contains([${accepted}], ${comparable(sql, type)}), false)`;
      return offenders(ask, sql, outside, values.map(String), {
        show,
        expected: `one of ${values.slice(0, 10).join(', ')}${values.length > 10 ? ', ...' : ''}`,
      });
    });
  }
  if ('range' in rule) {
    const { column, min, max } = rule.range;
    return onColumn('range', column, async ({ sql, type, show }) => {
      if (!isNumeric(type)) {
        return { passed: false, message: `expected a numeric column, found ${type}` };
      }
      return offenders(ask, sql, outsideOf(sql, type, min, max), [], {
        show,
        expected: bounds(min, max),
      });
    });
  }
  if ('regex' in rule) {
    const { column, pattern } = rule.regex;
    await refuseUnreadable(connection, pattern);
    return onColumn('regex', column, ({ sql, show }) =>
      offenders(ask, sql, `NOT regexp_full_match(${sql}::VARCHAR, $1)`, [pattern], {
        show,
        expected: `values that match ${pattern} as a whole`,
      }),
    );
  }
  const { column, max_age_days: maxAgeDays } = rule.freshness;
  return onColumn('freshness', column, async ({ sql, type, show }) => {
    if (!/^(DATE|TIMESTAMP)/.test(type)) {
      return { passed: false, message: `expected a date or timestamp column, found ${type}` };
    }
    // A timestamp without zone is read as UTC.
    const [latest, age] = await ask(
      `max(${sql})::VARCHAR, (epoch(now()) - epoch(max(${sql}))) / 86400`,
    );
    if (latest === null) return { passed: false, message: 'expected a date, found none' };
    return {
      passed: Number(age) <= maxAgeDays,
      message: `expected the latest at most ${maxAgeDays} days old, found ${show(latest!)} (${short(Number(age))} days)`,
    };
  });
}

/** DuckDB's own word on it: its expressions are RE2's, not those of JavaScript. Throws CONFIG_INVALID. */
async function refuseUnreadable(connection: DuckDBConnection, pattern: string): Promise<void> {
  try {
    await connection.runAndReadAll(`SELECT regexp_full_match('', $1)`, [pattern]);
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace(/^Invalid Input Error: /, '') : '';
    throw new ImportError('CONFIG_INVALID', {
      place: 'checks.rules: regex',
      expected: 'a regular expression as RE2 reads it',
      found: `${JSON.stringify(pattern)} (${reason})`,
      cause: error,
    });
  }
}

type Ask = (
  select: string,
  parameters?: string[],
  clause?: string,
) => Promise<Array<string | null>>;

/** One row of aggregates over the written files, as text. */
function askOf(connection: DuckDBConnection, files: readonly string[]): Ask {
  return async (select, parameters = [], clause = '') => {
    const reader = await connection.runAndReadAll(
      `SELECT ${select} FROM ${parquetRelation(files)} ${clause}`,
      parameters satisfies DuckDBValue[],
    );
    return (reader.getRows()[0] ?? []).map((value) => (value === null ? null : String(value)));
  };
}

async function unique(table: CheckedTable, names: readonly string[], ask: Ask): Promise<Verdict> {
  const verdict = { check: 'unique', column: names.join(', ') };
  const columns = names.map((name) => findColumn(table.columns, name));
  const missing = names.find((_, index) => columns[index] === undefined);
  if (missing !== undefined) {
    return { ...verdict, passed: false, message: unknownColumn(table.columns, missing) };
  }
  const list = columns.map((column) => quoteIdentifier(column!.name)).join(', ');
  const complete = columns
    .map((column) => `${quoteIdentifier(column!.name)} IS NOT NULL`)
    .join(' AND ');
  const [distinct, total] = await ask(
    `(SELECT count(*) FROM (SELECT DISTINCT ${list} FROM ${parquetRelation(table.files)} WHERE ${complete})),
     count(*) FILTER (WHERE ${complete})`,
  );
  const repeated = Number(total) - Number(distinct);
  return {
    ...verdict,
    passed: repeated === 0,
    message: `expected every value once, found ${repeated} repeated of ${total}`,
  };
}

async function offenders(
  ask: Ask,
  column: string,
  condition: string,
  parameters: string[],
  { expected, show }: { expected: string; show: Show },
): Promise<Outcome> {
  const [count, example] = await ask(
    `count(*), left(any_value(${column})::VARCHAR, 100)`,
    parameters,
    `WHERE ${column} IS NOT NULL AND (${condition})`,
  );
  const found =
    count === '0'
      ? 'no other value'
      : `${count} others, such as ${JSON.stringify(show(example ?? ''))}`;
  return { passed: count === '0', message: `expected ${expected}, found ${found}` };
}

const isNumeric = (type: string): boolean =>
  ['integer', 'decimal', 'float'].includes(typeFamily(type));

/** Numbers and moments are compared as such, so that `1` accepts `1.0`; everything else as text. */
function comparable(sql: string, type: string): string {
  return isNumeric(type) || ['temporal', 'boolean'].includes(typeFamily(type))
    ? sql
    : `${sql}::VARCHAR`;
}

/** NULL for a value that the type does not have: a cast alone would round 1.5 to 2. */
function acceptedValue(type: string, position: number): string {
  const text = `$${position}`;
  if (isNumeric(type)) {
    const value = `TRY_CAST(${text} AS ${type})`;
    return `CASE WHEN ${value}::DOUBLE = TRY_CAST(${text} AS DOUBLE) THEN ${value} END`;
  }
  return comparable(text, type) === text ? `TRY_CAST(${text} AS ${type})` : `${text}::VARCHAR`;
}

/** Whole numbers are compared with all of their digits; NaN, which is neither below nor above, is outside. */
function outsideOf(
  sql: string,
  type: string,
  min: number | undefined,
  max: number | undefined,
): string {
  const isWhole = typeFamily(type) === 'integer' || /^DECIMAL\(\d+,0\)$/.test(type);
  const within = [min, max].every((bound) => bound === undefined || Math.abs(bound) < 1e38);
  if (isWhole && within) {
    const below = min === undefined ? 'false' : `${sql}::HUGEINT < ${BigInt(Math.ceil(min))}`;
    const above = max === undefined ? 'false' : `${sql}::HUGEINT > ${BigInt(Math.floor(max))}`;
    return `${below} OR ${above}`;
  }
  const outside = `NOT (${sql}::DOUBLE BETWEEN ${min ?? "'-inf'"}::DOUBLE AND ${max ?? "'inf'"}::DOUBLE)`;
  return `${outside} OR isnan(${sql}::DOUBLE)`;
}

function bounds(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  if (min !== undefined) return `at least ${min}`;
  return max === undefined ? 'any number of' : `at most ${max}`;
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}
