/** Connections to the catalog: a pool, transactions, and errors without bind parameters or passwords. */
import pg from 'pg';
import { ImportError, type ErrorCode } from '../errors/index.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** A half-open connection must not hang an import: no statement of ours takes longer on a healthy server. */
const QUERY_TIMEOUT_MS = 120_000;
/** Of one worker: twenty of them fit into the 100 that PostgreSQL takes, with room for people. */
const MAX_CONNECTIONS = 4;
const INT8_OID: number = pg.types.builtins.INT8;
/** Attempts at a transaction that another one got in the way of. */
const MAX_ATTEMPTS = 4;

export interface Database {
  query<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Gives how many rows were changed. */
  execute(text: string, values?: readonly unknown[]): Promise<number>;
  /** All or nothing; runs again when PostgreSQL asks for that (40001, 40P01). Throws DATABASE_BUSY. */
  transaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Connects with the first query. Throws ENVIRONMENT_INVALID on a URL that is none.
 * @param connections - at most
 */
export function openDatabase(databaseUrl: string, connections = MAX_CONNECTIONS): Database {
  const place = databasePlace(databaseUrl);
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    idle_in_transaction_session_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'kaggle-import',
    types: { getTypeParser },
  });
  // A connection that breaks rejects the query under way, and is replaced by the next one. Unheard, the event
  // ends the process: the pool listens only to idle connections.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));

  async function connect(): Promise<pg.PoolClient> {
    try {
      return await pool.connect();
    } catch (error) {
      throw databaseFailure(place, error);
    }
  }

  async function attempt<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await connect();
    let broken = false;
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => (broken = true));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async function run<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) {
    const client = await connect();
    let broken = false;
    try {
      return await client.query<Row>(text, [...values]);
    } catch (error) {
      broken = sqlState(error) === undefined;
      throw databaseFailure(place, error);
    } finally {
      client.release(broken);
    }
  }

  return {
    query: async <Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]) =>
      (await run<Row>(text, values)).rows,
    execute: async (text, values) => (await run(text, values)).rowCount ?? 0,
    async transaction(work) {
      for (let attempts = 1; ; attempts += 1) {
        try {
          return await attempt(work);
        } catch (error) {
          const again = ['40001', '40P01'].includes(sqlState(error) ?? '');
          if (!again || attempts === MAX_ATTEMPTS) throw databaseFailure(place, error);
        }
      }
    },
    close: () => pool.end(),
  };
}

/** `host:port/database`, for people. Throws ENVIRONMENT_INVALID without repeating the URL: it holds the password. */
export function databasePlace(databaseUrl: string): string {
  try {
    const { host, port, database } = new pg.Client({ connectionString: databaseUrl });
    return `${host}:${port}/${database ?? ''}`;
  } catch {
    throw new ImportError('ENVIRONMENT_INVALID', {
      place: 'DATABASE_URL',
      expected: 'postgresql://user:password@host:port/database',
    });
  }
}

/** The error that a person sees: SQLSTATE and names of the schema, never values. */
export function databaseFailure(place: string, error: unknown): ImportError {
  if (error instanceof ImportError) return error;
  const state = sqlState(error);
  // Without `cause`: PostgreSQL's messages and details quote values.
  if (state === undefined) {
    return new ImportError('DATABASE_UNREACHABLE', { place, found: networkReason(error) });
  }
  const { table, constraint, column } = error as pg.DatabaseError;
  const where = [table, column, constraint].filter((name) => name !== undefined).join('.');
  return new ImportError(codeOf(state), {
    place,
    found: [`SQLSTATE ${state}`, where].filter(Boolean).join(' on '),
  });
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
function codeOf(state: string): ErrorCode {
  if (state.startsWith('28') || state === '42501' || state === '3D000') return 'DATABASE_FORBIDDEN';
  // 25006: a standby, as a connection meets one in the middle of a failover.
  if (state.startsWith('08') || state.startsWith('57P') || state === '25006') {
    return 'DATABASE_UNREACHABLE';
  }
  if (['40001', '40P01', '53300', '55P03', '25P03'].includes(state)) return 'DATABASE_BUSY';
  // Undefined table, column or function.
  if (['42P01', '42703', '42883', '3F000'].includes(state)) return 'CATALOG_OUTDATED';
  return 'DATABASE_FAILED';
}

function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

/** Connection errors: on a name with several addresses, one for each of them. */
function networkReason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(networkReason).join('; ');
  return error instanceof Error ? error.message : 'an unknown error';
}

/** bigint as number: counts and bytes of ours stay far below 2^53. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
  if (oid === INT8_OID) return Number;
  return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid);
}
