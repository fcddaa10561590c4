/** A COPY whose text comes through a named pipe, piece by piece: it runs while the rest of the file is still arriving. */
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { DuckDBConnection } from '@duckdb/node-api';
import { statisticsOfCopy, type CopiedColumns } from './copy.js';

/** Node makes none itself; POSIX has a command for it. */
const makePipe = promisify(execFile);
const LOOK_EVERY_MS = 20;

/** DuckDB opens the pipe once and reads it in order. Written to by one, one piece after the other. */
export class PipedCopy {
  readonly #connection: DuckDBConnection;
  readonly #pipe: string;
  /** An end of our own: opening the other one waits for nobody then, whether DuckDB comes or fails before. */
  readonly #readingEnd: FileHandle;
  readonly #writingEnd: FileHandle;
  readonly #answer: Promise<CopiedColumns>;
  #isSettled = false;
  #closed: Promise<void> | undefined;

  private constructor(
    connection: DuckDBConnection,
    pipe: string,
    ends: { readonly readingEnd: FileHandle; readonly writingEnd: FileHandle },
    statement: string,
  ) {
    this.#connection = connection;
    this.#pipe = pipe;
    this.#readingEnd = ends.readingEnd;
    this.#writingEnd = ends.writingEnd;
    this.#answer = connection
      .runAndReadAll(statement)
      .then(statisticsOfCopy)
      .finally(async () => {
        this.#isSettled = true;
        // Whoever writes into it now is told so, instead of waiting for a reader.
        await this.#readingEnd.close();
      });
    this.#answer.catch(() => undefined);
  }

  /**
   * @param pipe - absolute path where it will be
   * @param statement - reads `pipe`; its order is made sure by the caller, for an EXPLAIN would read it too
   */
  static async begin(
    connection: DuckDBConnection,
    pipe: string,
    statement: string,
  ): Promise<PipedCopy> {
    await makePipe('mkfifo', [pipe]);
    const readingEnd = await open(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    const writingEnd = await open(pipe, constants.O_WRONLY).catch(async (error: unknown) => {
      await readingEnd.close();
      throw error;
    });
    return new PipedCopy(connection, pipe, { readingEnd, writingEnd }, statement);
  }

  /** Resolves when the pipe has all of it. Throws what DuckDB throws where it reads no more. */
  async write(piece: Buffer): Promise<void> {
    try {
      await this.#writingEnd.writeFile(piece);
    } catch (error) {
      await this.#answer;
      throw error;
    }
  }

  /** Nothing more comes. Throws what DuckDB throws. */
  async end(): Promise<CopiedColumns> {
    try {
      await this.#closeWriting();
      return await this.#answer;
    } finally {
      await rm(this.#pipe, { force: true });
    }
  }

  /** Resolves when nothing of it runs. */
  async abort(): Promise<void> {
    while (!this.#isSettled) {
      this.#connection.interrupt();
      // A query that waits for bytes looks up at the end of them, one that waits for a writer when there was one.
      void this.#closeWriting();
      await this.#showWriter();
      await Promise.race([this.#answer.catch(() => undefined), sleep(LOOK_EVERY_MS)]);
    }
    await this.#answer.catch(() => undefined);
    await this.#closeWriting();
    await rm(this.#pipe, { force: true });
  }

  #closeWriting(): Promise<void> {
    return (this.#closed ??= this.#writingEnd.close());
  }

  async #showWriter(): Promise<void> {
    const end = await open(this.#pipe, constants.O_WRONLY | constants.O_NONBLOCK).catch(
      () => undefined,
    );
    await end?.close();
  }
}
