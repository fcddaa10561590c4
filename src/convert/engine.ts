/** A DuckDB for a conversion: bounded, interruptible, and of its own unless the table is small. */
import { mkdir } from 'node:fs/promises';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { ImportError } from '../errors/index.js';
import { mask } from './describe/mask.js';
import { isNotAppendable } from './grow/held-columns.js';

export interface EngineOptions {
  readonly memoryLimitBytes: number;
  /** Absolute; DuckDB spills here. */
  readonly temporaryDirectory: string;
  readonly signal: AbortSignal;
  /** 2 by default. */
  readonly threads?: number;
  /** What is converted, for errors. */
  readonly place: string;
  /** With other small tables: on one thread, and without a disk to spill to. */
  readonly isShared?: boolean;
  /** 0 to 100, of the query that runs; called while it runs. */
  readonly onPercent?: ((percent: number) => void) | undefined;
}

const LOOK_EVERY_MS = 250;
const THREADS = 2;
/** Files up to here are read by one thread in any case: others only cost time to wait for. */
export const SMALL_BYTES = 2e6;

/** Kept for small tables: to begin and to close one takes a fifth of the time of such a table. */
let shared: Engine | undefined;

interface Engine {
  readonly instance: DuckDBInstance;
  readonly memoryLimitBytes: number;
  /** Conversions that use it now. */
  users: number;
}

/**
 * Gives `use` a connection, and a way to open others beside it. The signal interrupts the running queries at once.
 * Throws what `use` throws, CONVERSION_FAILED for errors of DuckDB, the signal's reason when aborted.
 */
export async function withEngine<Result>(
  options: EngineOptions,
  use: (connection: DuckDBConnection, connect: () => Promise<DuckDBConnection>) => Promise<Result>,
): Promise<Result> {
  const { signal, place, onPercent, isShared } = options;
  signal.throwIfAborted();
  const engine = isShared ? await sharedEngine(options) : await ownEngine(options);
  const { instance } = engine;
  const connections: DuckDBConnection[] = [];
  const connect = async (): Promise<DuckDBConnection> => {
    const connection = await instance.connect();
    connections.push(connection);
    await connection.run(
      `SET enable_progress_bar=true; SET enable_progress_bar_print=false; SET progress_bar_time=0; SET TimeZone='UTC'`,
    );
    return connection;
  };
  const connection = await connect();
  const interrupt = (): void => connections.forEach((one) => one.interrupt());
  signal.addEventListener('abort', interrupt, { once: true });
  const timer = setInterval(() => {
    const percent = Math.max(...connections.map(({ progress }) => progress.percentage));
    if (percent >= 0) onPercent?.(percent);
    // An interrupt between two queries would be lost.
    if (signal.aborted) interrupt();
  }, LOOK_EVERY_MS);
  try {
    return await use(connection, connect);
  } catch (error) {
    // After whatever has gone wrong in it, the next table begins with another one.
    if (shared === engine) shared = undefined;
    signal.throwIfAborted();
    if (error instanceof ImportError || isNotAppendable(error) || isSystemError(error)) throw error;
    const found = withoutValues(error instanceof Error ? error.message : String(error));
    const cause = Object.assign(new Error(found), { stack: stackOf(error) });
    throw new ImportError('CONVERSION_FAILED', { place, found, cause });
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', interrupt);
    for (const one of connections) one.disconnectSync();
    engine.users -= 1;
    if (shared !== engine && engine.users === 0) instance.closeSync();
  }
}

async function ownEngine(options: EngineOptions): Promise<Engine> {
  const { threads = THREADS, temporaryDirectory } = options;
  await mkdir(temporaryDirectory, { recursive: true });
  return begin(options, { threads: String(threads), temp_directory: temporaryDirectory });
}

async function sharedEngine(options: EngineOptions): Promise<Engine> {
  if (shared?.memoryLimitBytes === options.memoryLimitBytes) {
    shared.users += 1;
    return shared;
  }
  const engine = await begin(options, { threads: '1', temp_directory: '' });
  if (shared?.users === 0) shared.instance.closeSync();
  shared = engine;
  return engine;
}

async function begin(
  { memoryLimitBytes }: EngineOptions,
  own: { readonly threads: string; readonly temp_directory: string },
): Promise<Engine> {
  const instance = await DuckDBInstance.create(':memory:', {
    ...own,
    memory_limit: `${Math.floor(memoryLimitBytes / 1e6)}MB`,
    // Row order is part of the data.
    preserve_insertion_order: 'true',
    // Nothing may be fetched from the network, nor found in a user's folder.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  return { instance, memoryLimitBytes, users: 1 };
}

/** DuckDB keeps 2048 cells of every column for each thread, in several places. */
const COLUMNS_FOR_THREADS = 1000;

/** Leaves one thread to a table so wide that several would not find the memory. */
export async function fitThreads(connection: DuckDBConnection, columns: number): Promise<void> {
  if (columns > COLUMNS_FOR_THREADS) await connection.run('SET threads = 1');
}

/** Of memory for each column of texts, measured: DuckDB holds whole vectors of all of them several times over. */
const BYTES_A_COLUMN = 250_000;

/** Refuses a table that would run out of memory after minutes of work. Throws TOO_MANY_COLUMNS. */
export function requireRoom(columns: number, memoryLimitBytes: number, place: string): void {
  const room = Math.floor(memoryLimitBytes / BYTES_A_COLUMN);
  if (columns <= room) return;
  const needed = Math.ceil((columns * BYTES_A_COLUMN) / 1e8) / 10;
  throw new ImportError('TOO_MANY_COLUMNS', {
    place,
    expected: `at most ${room} columns with a memory_limit of ${memoryLimitBytes / 1e9} GB`,
    found: `${columns} columns, which need \`config: {memory_limit: ${needed}GB}\``,
  });
}

/**
 * DuckDB's messages show cells and whole lines: of its lines the first is kept, of all that stands between the first and
 * the last quote of a kind its shape, for a cell may have quotes of its own, and of long numbers none of the digits.
 */
function withoutValues(message: string): string {
  const [first = '', ...rest] = message.split(/\n|Original Line/);
  const isCut = rest.length > 0;
  return first
    .replace(isCut ? /".*/u : /".*"|".*/u, (quoted) => mask(quoted))
    .replace(isCut ? /(?<!\w)'.*/u : /(?<!\w)'.*'|(?<!\w)'.*/u, (quoted) => mask(quoted))
    .replace(/\d{5,}|(?<= with value )\S+/g, (number) => mask(number));
}

/** Where it happened, without the message in front. */
function stackOf(error: unknown): string {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  return lines.filter((line) => /^\s+at /.test(line)).join('\n');
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
