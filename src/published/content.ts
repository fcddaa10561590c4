/** What the cells of a stored table are, part by part: held against what the catalog says of them. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DescribedTable } from '../catalog/index.js';
import { shown } from '../convert/describe/mask.js';
import {
  parquetRelation,
  typeFamily,
  type TypeFamily,
} from '../convert/describe/parquet-relation.js';
import type { ColumnDescription } from '../convert/types.js';
import { quoteIdentifier } from '../convert/relation.js';
import { partMeasures, type PartMeasures } from './part-measures.js';
import { statProblems, type Answers, type StatProblem } from './stat-problems.js';
import { countValues, expectedCounts, type Counts } from './value-counts.js';

export interface ContentProblem {
  readonly key: string;
  readonly what: 'rows' | 'columns' | 'classes' | StatProblem['what'];
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
    for await (const problem of this.#measured()) yield { key, ...problem };
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

  /** Keeps the answers, one row a part. Gives the number of rows. */
  async #measure(relation: string): Promise<number> {
    const isFirst = this.#batches === 0;
    const batches = [...this.#asked()];
    for (const [batch, asked] of batches.entries()) {
      const measures = asked.flatMap(({ part }) =>
        Object.entries(part).map(([alias, sql]) => `${sql} AS ${alias}`),
      );
      const select = `SELECT ${['count(*) AS total', ...measures].join(', ')} FROM ${relation}`;
      const name = `${this.#name}_${batch}`;
      await this.connection.run(
        isFirst ? `CREATE TEMP TABLE ${name} AS ${select}` : `INSERT INTO ${name} ${select}`,
      );
    }
    this.#batches = batches.length;
    const reader = await this.connection.runAndReadAll(
      `SELECT last(total)::DOUBLE FROM ${this.#name}_0`,
    );
    return reader.getRows()[0]![0] as number;
  }

  /** In batches of columns; one, at least, also of a table without columns. */
  *#asked(): Generator<(PartMeasures & { readonly column: ColumnDescription })[]> {
    const { columns } = this.table;
    let from = 0;
    do {
      const some = columns.slice(from, from + COLUMNS_AT_ONCE);
      yield some.map((column, at) => ({
        column,
        ...partMeasures(quoteIdentifier(column.name), this.#families[column.position]!, at),
      }));
      from += COLUMNS_AT_ONCE;
    } while (from < columns.length);
  }

  async *#measured(): AsyncGenerator<StatProblem> {
    for (const [batch, asked] of [...this.#asked()].entries()) {
      const wholes = asked.flatMap(({ whole }) => Object.values(whole));
      if (wholes.length === 0) return;
      const parts = `${this.#name}_${batch}`;
      const before = asked.flatMap((column) =>
        Object.entries(column.before ?? {}).map(([alias, sql]) => `${sql} AS ${alias}`),
      );
      const reader = await this.connection.runAndReadAll(
        `SELECT ${wholes.map((sql) => `(${sql})::VARCHAR`).join(', ')}
         FROM ${parts}, (SELECT ${['count(*) AS parts', ...before].join(', ')} FROM ${parts})`,
      );
      const texts = (reader.getRows()[0] as (string | null)[]).values();
      for (const { column, whole } of asked) {
        const answers: Answers = Object.fromEntries(
          Object.keys(whole).map((name) => [name, texts.next().value ?? null]),
        );
        yield* statProblems(column, this.#families[column.position]!, answers);
      }
    }
  }
}

function* rowsProblem(key: string, expected: number, found: number): Generator<ContentProblem> {
  if (expected === found) return;
  yield { key, what: 'rows', expected: `${expected} rows`, found: `${found} rows` };
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
