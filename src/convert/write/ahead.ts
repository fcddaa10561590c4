/**
 * Begins to write a large file while its records are still being counted: as its start says that it will have to be
 * written. What comes of it is used where the whole reading asks for the very same statement, and thrown away otherwise.
 */
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { findCandidates, type Candidate } from '../prove/candidates.js';
import { likelyColumns } from '../prove/likely.js';
import type { LikelyReading } from '../read/text/likely-reading.js';
import {
  copyStatement,
  copyTarget,
  runCopy,
  type CopiedColumns,
  type CopyRequest,
  type RowsAhead,
} from './copy.js';
import { plainTextSql } from './plain-text.js';
import { likelySelect } from './select.js';

/** More of them leave DuckDB no threads, or are not looked at closely. */
export const MOST_COLUMNS = 200;
const LOOK_EVERY_MS = 20;

export interface AheadRequest extends Omit<
  CopyRequest,
  'columns' | 'signedZeros' | 'metadata' | 'ahead'
> {
  /** Opens a connection of its own. */
  readonly connect: () => Promise<DuckDBConnection>;
  /** Of the Parquet, when the columns are these. */
  readonly metadataOf: (columns: LikelyReading['columns']) => CopyRequest['metadata'];
}

interface Plan {
  readonly sql: string;
  readonly candidates: readonly Candidate[];
  readonly statement: string;
  readonly answer: Promise<CopiedColumns>;
}

export class WritingAhead implements RowsAhead {
  readonly #request: AheadRequest;
  #planned: Promise<Plan | undefined> | undefined;
  #connection: DuckDBConnection | undefined;
  #isOver = false;
  #isTaken = false;
  #ended: Promise<void> | undefined;

  constructor(request: AheadRequest) {
    this.#request = request;
  }

  /** Once. */
  begin(likely: LikelyReading): void {
    if (this.#planned || this.#isOver || likely.columns.length > MOST_COLUMNS) return;
    this.#planned = this.#plan(likely).catch(() => undefined);
  }

  async candidatesOf(sql: string): Promise<readonly Candidate[] | undefined> {
    const plan = await this.#planned;
    return plan?.sql === sql ? plan.candidates : undefined;
  }

  async take(
    select: string,
    file: string,
    request: CopyRequest,
  ): Promise<CopiedColumns | undefined> {
    const plan = await this.#planned;
    if (plan?.statement === copyStatement(select, file, request) && !this.#isOver) {
      this.#isTaken = true;
      return plan.answer;
    }
    await this.end();
    return undefined;
  }

  end(): Promise<void> {
    this.#isOver = true;
    // Once: a second removal could meet the file of another writer.
    return (this.#ended ??= this.#end());
  }

  async #end(): Promise<void> {
    let isSettled = false;
    const ended = (this.#planned ?? Promise.resolve(undefined))
      .then((plan) => plan?.answer)
      .catch(() => undefined)
      .finally(() => (isSettled = true));
    // One that comes between two queries is lost.
    while (!isSettled) {
      this.#connection?.interrupt();
      await Promise.race([ended, sleep(LOOK_EVERY_MS)]);
    }
    if (!this.#isTaken && this.#planned)
      await rm(`${copyTarget(this.#request)}.tmp`, { force: true });
  }

  async #plan({ text, columns, cells, rowBytes }: LikelyReading): Promise<Plan | undefined> {
    const sql = plainTextSql(
      text,
      columns.map(({ name }) => name),
    );
    const { connect, metadataOf, ...request } = this.#request;
    const connection = await connect();
    this.#connection = connection;
    const candidates = await findCandidates(connection, sql, columns, request.entry);
    const likely = likelyColumns(candidates, cells, request.entry);
    if (!likely || this.#isOver) return undefined;
    const target = copyTarget(request);
    await mkdir(dirname(target), { recursive: true });
    const { select, columns: written } = likelySelect(sql, likely);
    const statement = copyStatement(select, target, {
      ...{ ...request, columns: written, metadata: metadataOf(columns), rowBytes },
    });
    const answer = runCopy(connection, statement);
    answer.catch(() => undefined);
    return { sql, candidates, statement, answer };
  }
}
