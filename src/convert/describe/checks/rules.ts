/** Evaluates one configured quality rule in DuckDB. */
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { CheckRule } from '../../../config/datasets.js';
import { ImportError } from '../../../errors/index.js';
import { shown } from '../mask.js';
import { parquetRelation } from '../parquet-relation.js';
import { quoteIdentifier } from '../../relation.js';
import type { CheckedTable } from './checked-table.js';
import { findColumn, unknownColumn, type Verdict } from './columns.js';
import { isNoneOf, isNumeric, isOutside } from './values.js';

type Outcome = Omit<Verdict, 'check' | 'column'>;
/** A value as a message may show it. */
type Show = (value: string) => string;

interface AskedColumn {
  readonly name: string;
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
      ...{ name: column.name, type: column.type, stats },
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
    return onColumn('accepted_values', column, ({ name, type, show }) => {
      const texts = values.map(String);
      return offenders(ask, name, isNoneOf(name, type, texts), [], {
        show,
        expected: `one of ${texts.slice(0, 10).join(', ')}${texts.length > 10 ? ', ...' : ''}`,
      });
    });
  }
  if ('range' in rule) {
    const { column, min, max } = rule.range;
    return onColumn('range', column, ({ name, type, show }) => {
      if (!isNumeric(type)) {
        return { passed: false, message: `expected a numeric column, found ${type}` };
      }
      const outside = isOutside(name, type, rule.range);
      return offenders(ask, name, outside, [], { show, expected: bounds(min, max) });
    });
  }
  if ('regex' in rule) {
    const { column, pattern } = rule.regex;
    await refuseUnreadable(connection, pattern);
    return onColumn('regex', column, ({ name, show }) =>
      offenders(
        ask,
        name,
        `NOT regexp_full_match(${quoteIdentifier(name)}::VARCHAR, $1)`,
        [pattern],
        {
          show,
          expected: `values that match ${pattern} as a whole`,
        },
      ),
    );
  }
  const { column, max_age_days: maxAgeDays } = rule.freshness;
  return onColumn('freshness', column, async ({ name, type, show }) => {
    const sql = quoteIdentifier(name);
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
  name: string,
  condition: string,
  parameters: string[],
  { expected, show }: { expected: string; show: Show },
): Promise<Outcome> {
  const column = quoteIdentifier(name);
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

function bounds(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  if (min !== undefined) return `at least ${min}`;
  return max === undefined ? 'any number of' : `at most ${max}`;
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}
