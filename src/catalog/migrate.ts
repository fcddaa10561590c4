/** Brings the catalog's schema up to date with sql/: plain SQL files, each once, in order. */
import { readdir } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { projectDirectory } from '../config/places.js';
import { ImportError } from '../errors/index.js';
import { databaseFailure, databasePlace } from './database.js';

const MIGRATIONS_TABLE = 'schema_migrations';
const OUR_MIGRATIONS = join(projectDirectory, 'sql');
const CONNECT_TIMEOUT_MS = 10_000;

export interface MigrateOptions {
  /** Folder of `000001_*.sql` and on, append-only; `sql/` of this installation when absent. */
  readonly migrationsDirectory?: string;
  readonly signal?: AbortSignal;
}

/** An index over millions of rows takes as long as it takes, whatever the role is allowed otherwise. */
const NO_TIME_LIMITS = `
  SET statement_timeout = 0;
  SET lock_timeout = 0;
  SET idle_in_transaction_session_timeout = 0`;

/**
 * Applies what is missing, and answers the names of those files. Workers that start together wait for each
 * other (advisory lock), and the ones behind find nothing left to do. Each file and its row in
 * `schema_migrations` are one transaction. Throws CATALOG_OUTDATED when the catalog has migrations that this
 * folder lacks: an older program must not write into a newer schema.
 */
export async function migrate(
  databaseUrl: string,
  { migrationsDirectory = OUR_MIGRATIONS, signal }: MigrateOptions = {},
): Promise<string[]> {
  const place = databasePlace(databaseUrl);
  signal?.throwIfAborted();
  const socket = new Socket();
  const client = new pg.Client({
    stream: () => socket,
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'kaggle-import migrate',
  });
  // A lost connection also rejects the query under way; unheard, the event ends the process.
  client.on('error', () => undefined);
  // A server that waits for the lock would not read a polite goodbye.
  const stop = (): void => void socket.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await client.connect();
    await client.query(NO_TIME_LIMITS);
    if (await isUpToDate(client, place, migrationsDirectory)) return [];
    // Loaded where there is something to do: every command that starts an import passes here.
    const { runner } = await import('node-pg-migrate');
    const applied = await runner({
      dbClient: client,
      dir: migrationsDirectory,
      direction: 'up',
      migrationsTable: MIGRATIONS_TABLE,
      advisoryLockMode: 'wait',
      singleTransaction: false,
      // Migrations only add, and people who work side by side are given numbers: a lower one may come later.
      checkOrder: false,
      logger: silent,
    });
    return applied.map(({ name }) => name);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw databaseFailure(place, error);
  } finally {
    signal?.removeEventListener('abort', stop);
    await client.end().catch(() => undefined);
  }
}

/** Nobody is there, or all connections are taken for the moment: those of the workers that a rolling update replaces. */
const PASSING = new Set<string>(['DATABASE_UNREACHABLE', 'DATABASE_BUSY']);

/**
 * For a worker, which may start before its database: only the wait for it has a limit, and no migration has.
 * Throws DATABASE_UNREACHABLE or DATABASE_BUSY after `patienceMs`.
 */
export async function migrateOnceReachable(databaseUrl: string, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      return void (await migrate(databaseUrl));
    } catch (error) {
      const passes = error instanceof ImportError && PASSING.has(error.code);
      if (!passes || Date.now() > deadline) throw error;
      await sleep(1_000);
    }
  }
}

/** Throws CATALOG_OUTDATED when there is more than this folder knows. */
async function isUpToDate(
  client: pg.Client,
  place: string,
  migrationsDirectory: string,
): Promise<boolean> {
  const table = await client.query<{ exists: boolean }>(
    'SELECT to_regclass($1) IS NOT NULL AS "exists"',
    [MIGRATIONS_TABLE],
  );
  if (!table.rows[0]!.exists) return false;
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${MIGRATIONS_TABLE}`);
  const files = (await readdir(migrationsDirectory)).filter((file) => file.endsWith('.sql'));
  const ours = new Set(files.map((file) => file.slice(0, -'.sql'.length)));
  const newer = rows.map(({ name }) => name).filter((name) => !ours.has(name));
  if (newer.length === 0) return rows.length === ours.size;
  throw new ImportError('CATALOG_OUTDATED', {
    place,
    expected: `the migrations of ${migrationsDirectory}`,
    found: `also ${newer.join(', ')}`,
    nextStep: 'Update kaggle-import on this host: a newer version has changed the catalog.',
  });
}

/** The runner would print statements; what failed is told by the error. */
const silent = { debug() {}, info() {}, warn() {}, error() {} };
