/** What the cells of a stored table are, part by part: held against what the catalog says of them. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DescribedTable } from '../catalog/index.js';
import { storableText } from '../catalog/json.js';
import { MAX_TEXT } from '../convert/describe/aggregates.js';
import { shown } from '../convert/describe/mask.js';
import { jsonSafe } from '../convert/describe/measures.js';
import {
  parquetRelation,
  typeFamily,
  type TypeFamily,
} from '../convert/describe/parquet-relation.js';
import type { ColumnDescription } from '../convert/types.js';
import { quoteIdentifier } from '../convert/relation.js';
import { countValues, expectedCounts, type Counts } from './value-counts.js';

export interface ContentProblem {
  readonly key: string;
  readonly what: 'rows' | 'columns' | 'nulls' | 'ranges' | 'classes';
  readonly expected: string;
  readonly found: string;
}

/** Statements of thousands of columns take long to plan. */
const COLUMNS_AT_ONCE = 200;

let tables = 0;

/** Of one table; the connection remembers a row a part until `close`. */
export class TableContent {
  readonly #rows: number[] = [];
  readonly #name = `verified_${++tables}`;
  readonly #counts = new Map<ColumnDescription, Counts>();
  /** Names of the first part that are not those of the catalog. */
  #otherNames: string | undefined;
  #families: TypeFamily[] = [];
  #batches = 0;

  constructor(
    private readonly connection: DuckDBConnection,
    private readonly table: DescribedTable,
  ) {}

  /** The next part, as a local file. Decodes every cell: a footer would say what it was told to say. */
  async add(file: string): Promise<void> {
    const relation = parquetRelation([file]);
    const described = await this.connection.runAndReadAll(`DESCRIBE SELECT * FROM ${relation}`);
    const columns = described.getRows().map(([name, type]) => [name, type] as [string, string]);
    const names = columns.map(([name]) => name).join(', ');
    if (names !== this.#wantedNames) {
      this.#otherNames ??= names;
      this.#rows.push(await this.#countAlone(relation));
      return;
    }
    this.#families = columns.map(([, type]) => typeFamily(type));
    this.#rows.push(await this.#measure(relation));
    for (const column of this.table.columns) {
      const wanted = expectedCounts(column, this.table.rows);
      if (!wanted) continue;
      const isFloat = this.#families[column.position] === 'float';
      const counted = this.#counts.get(column) ?? new Map<string, number>();
      this.#counts.set(column, counted);
      await countValues(this.connection, relation, column.name, isFloat, wanted, counted);
    }
  }

  get parts(): number {
    return this.#rows.length;
  }

  /** Once every part is added. */
  async *problems(): AsyncGenerator<ContentProblem> {
    const { parts, rows, columns } = this.table;
    const key = parts[0]?.key ?? '';
    for (const [index, part] of parts.entries()) {
      yield* rowsProblem(part.key, part.rows, this.#rows[index]!);
    }
    yield* rowsProblem(
      key,
      rows,
      this.#rows.reduce((sum, count) => sum + count, 0),
    );
    if (this.#otherNames !== undefined) {
      yield { key, what: 'columns', expected: this.#wantedNames, found: this.#otherNames };
      return;
    }
    for (let batch = 0; batch < this.#batches; batch += 1) yield* this.#measured(batch, key);
    for (const column of columns) {
      yield* classesProblem(key, column, rows, this.#counts.get(column));
    }
  }

  async close(): Promise<void> {
    for (let batch = 0; batch < this.#batches; batch += 1) {
      await this.connection.run(`DROP TABLE IF EXISTS ${this.#name}_${batch}`);
    }
  }

  get #wantedNames(): string {
    return this.table.columns.map(({ name }) => name).join(', ');
  }

  async #countAlone(relation: string): Promise<number> {
    const reader = await this.connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${relation}`);
    return reader.getRows()[0]![0] as number;
  }

  /** Keeps the bounds in their own types, in which alone they can be compared. Gives the number of rows. */
  async #measure(relation: string): Promise<number> {
    const { columns } = this.table;
    const isFirst = this.#batches === 0;
    let batch = 0;
    let at = 0;
    do {
      const some = columns.slice(at, at + COLUMNS_AT_ONCE);
      const measures = some.flatMap(({ name, position }, index) => {
        const column = quoteIdentifier(name);
        const [min, max] = boundsOf(column, this.#families[position]!);
        return [`count(${column}) AS n${index}`, `${min} AS lo${index}`, `${max} AS hi${index}`];
      });
      const select = `SELECT ${['count(*) AS total', ...measures].join(', ')} FROM ${relation}`;
      const name = `${this.#name}_${batch}`;
      await this.connection.run(
        isFirst ? `CREATE TEMP TABLE ${name} AS ${select}` : `INSERT INTO ${name} ${select}`,
      );
      if (isFirst) this.#batches += 1;
      batch += 1;
      at += COLUMNS_AT_ONCE;
    } while (at < columns.length);
    const reader = await this.connection.runAndReadAll(
      `SELECT last(total)::DOUBLE FROM ${this.#name}_0`,
    );
    return reader.getRows()[0]![0] as number;
  }

  async *#measured(batch: number, key: string): AsyncGenerator<ContentProblem> {
    const columns = this.table.columns.slice(
      batch * COLUMNS_AT_ONCE,
      (batch + 1) * COLUMNS_AT_ONCE,
    );
    const asked = columns.flatMap((_column, index) => [
      `(sum(total) - sum(n${index}))::VARCHAR`,
      `min(lo${index})::VARCHAR`,
      `max(hi${index})::VARCHAR`,
    ]);
    if (asked.length === 0) return;
    const reader = await this.connection.runAndReadAll(
      `SELECT ${asked.join(', ')} FROM ${this.#name}_${batch}`,
    );
    const answers = reader.getRows()[0] as (string | null)[];
    for (const [index, column] of columns.entries()) {
      const [nulls, min, max] = answers.slice(3 * index, 3 * index + 3);
      yield* nullsProblem(key, column, Number(nulls));
      const family = this.#families[column.position]!;
      yield* boundProblem(key, column, 'min', min ?? null, family);
      yield* boundProblem(key, column, 'max', max ?? null, family);
    }
  }
}

/** As they are described (`convert/describe/aggregates.ts`): of floats the finite ones; of others there is none. */
function boundsOf(column: string, family: TypeFamily): [min: string, max: string] {
  if (family === 'other') return ['NULL::VARCHAR', 'NULL::VARCHAR'];
  if (family === 'text') return [`min(${column}::VARCHAR)`, `max(${column}::VARCHAR)`];
  const finite = family === 'float' ? ` FILTER (WHERE isfinite(${column}))` : '';
  return [`min(${column})${finite}`, `max(${column})${finite}`];
}

function* rowsProblem(key: string, expected: number, found: number): Generator<ContentProblem> {
  if (expected === found) return;
  yield { key, what: 'rows', expected: `${expected} rows`, found: `${found} rows` };
}

function* nullsProblem(
  key: string,
  { name, stats }: ColumnDescription,
  found: number,
): Generator<ContentProblem> {
  const expected = stats['nullCount'];
  if (typeof expected !== 'number' || expected === found) return;
  const inColumn = (count: number): string => `${count} nulls in column ${name}`;
  yield { key, what: 'nulls', expected: inColumn(expected), found: inColumn(found) };
}

/** Of a column of personal data no bounds are kept; of another one, a personal value is masked. */
function* boundProblem(
  key: string,
  { name, stats }: ColumnDescription,
  bound: 'min' | 'max',
  answer: string | null,
  family: TypeFamily,
): Generator<ContentProblem> {
  if (!Object.hasOwn(stats, bound)) return;
  const expected = stats[bound];
  const text = answer === null ? null : storableText([...answer].slice(0, MAX_TEXT).join(''));
  const found = text === null ? undefined : jsonSafe(bound, text, family);
  if (found === expected) return;
  const masked = typeof found === 'string' ? shown(found, false) : found;
  if (masked === expected) return;
  const inColumn = (value: unknown): string => `${bound} of column ${name}: ${String(value)}`;
  yield {
    ...{ key, what: 'ranges' },
    expected: inColumn(expected),
    found: inColumn(masked ?? 'no value'),
  };
}

function* classesProblem(
  key: string,
  column: ColumnDescription,
  rows: number,
  found: Counts | undefined,
): Generator<ContentProblem> {
  const wanted = expectedCounts(column, rows);
  if (!wanted || !found) return;
  for (const [value, count] of wanted) {
    if (found.get(value) === count) continue;
    const inColumn = (some: number): string =>
      `${some} rows of column ${column.name} with ${shown(value, false)}`;
    const instead = inColumn(found.get(value) ?? 0);
    yield { key, what: 'classes', expected: inColumn(count), found: instead };
    return;
  }
}
