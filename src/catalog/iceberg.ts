/** Published tables in the catalog that engines read Iceberg by: moved in the transaction that makes a version current. */
import type { PoolClient } from 'pg';
import { ImportError } from '../errors/index.js';
import type { IcebergObject, Snapshot } from '../iceberg/index.js';
import type { Database } from './database.js';
import { storableJson } from './json.js';
import { readRows } from './rows.js';
import { lockFence } from './runs.js';
import { LOCK_VERSION } from './statements/publish.js';
import * as statements from './statements/iceberg.js';

/** What the catalog keeps of a version's table. */
export interface IcebergTable {
  readonly snapshot: Snapshot;
  /** Made anew when the version becomes current again, and when older versions are removed. */
  readonly metadata: IcebergObject & { readonly location: string };
  /** Of the versions that the metadata file knows, this one included. */
  readonly prefixes: readonly string[];
}

export interface StoredIcebergTable {
  /** Of the version. */
  readonly prefix: string;
  readonly sourceVersion: string;
  /** It is current, or has been. */
  readonly published: boolean;
  readonly table: string;
  readonly iceberg: IcebergTable;
}

/** All that the next metadata files of a dataset are made of. */
export interface IcebergHistory {
  /** In the order of publication. */
  readonly tables: readonly StoredIcebergTable[];
  /** Rows that name our metadata files, in whatever catalog. */
  readonly rows: ReadonlyArray<{
    readonly catalogName: string;
    readonly namespace: string;
    readonly name: string;
    readonly location: string;
  }>;
  /** Changes with any of it. */
  readonly state: string;
}

/** Made and stored for one version before the transaction that makes it current. */
export interface IcebergMove {
  readonly catalogName: string;
  readonly namespace: string;
  /** Of the history that it is made of. */
  readonly state: string;
  /** None when Iceberg is switched off: then the rows that are there go. */
  readonly tables: ReadonlyArray<{ readonly name: string; readonly iceberg: IcebergTable }>;
}

/** Waits for a publication under way. */
export function icebergHistory(database: Database, dataset: string): Promise<IcebergHistory> {
  return database.transaction(async (client) => {
    await lockFence(client, dataset);
    const all = async <Row extends object>(statement: string): Promise<Row[]> =>
      (await client.query<Row>(statement, [dataset])).rows;
    const tables = await all<StoredIcebergTable>(statements.ICEBERG_TABLES);
    const rows = await all<IcebergHistory['rows'][number]>(statements.OUR_ICEBERG_ROWS);
    return { tables, rows, state: await stateOf(client, dataset) };
  });
}

/** Before any work is done for them: the transaction asks again. Throws ICEBERG_NAME_TAKEN. */
export async function requireIcebergNames(
  database: Database,
  dataset: string,
  { catalogName, namespace }: Pick<IcebergMove, 'catalogName' | 'namespace'>,
  names: readonly string[],
): Promise<void> {
  const values = [dataset, catalogName, namespace, names];
  const [taken] = await readRows<{ name: string }>(
    database,
    statements.TAKEN_ICEBERG_NAMES,
    values,
  );
  if (taken) throw nameTaken(`${catalogName}.${namespace}.${taken.name}`);
}

/**
 * With the fence locked, before the version's state changes. Readers of Iceberg see nothing of it unless
 * `becomesCurrent`. Throws ICEBERG_MOVED when the history is another one by now, and ICEBERG_NAME_TAKEN.
 */
export async function moveIceberg(
  client: PoolClient,
  dataset: string,
  versionId: string,
  { catalogName, namespace, state, tables }: IcebergMove,
  becomesCurrent: boolean,
): Promise<void> {
  if ((await stateOf(client, dataset)) !== state) {
    throw new ImportError('ICEBERG_MOVED', { place: dataset });
  }
  if (becomesCurrent) {
    const place = [dataset, catalogName, namespace];
    const names = tables.map(({ name }) => name);
    await client.query(statements.DROP_ICEBERG_ROWS, [...place, names]);
    const wanted = tables.map(({ name, iceberg }) => ({
      name,
      location: iceberg.metadata.location,
    }));
    const values = [...place, JSON.stringify(wanted)];
    const moved = await client.query<{ name: string }>(statements.MOVE_ICEBERG_ROWS, values);
    requireAll(names, moved.rows, `${catalogName}.${namespace}`);
    if (names.length > 0) {
      await client.query(statements.CREATE_ICEBERG_NAMESPACE, [catalogName, namespace]);
    }
  }
  await client.query(statements.NOTE_ICEBERG, [versionId, storableJson(tables)]);
}

/** Of the current version; without effect when another one has become current since. Throws as `moveIceberg` does. */
export function renewIceberg(
  database: Database,
  dataset: string,
  versionId: string,
  move: IcebergMove,
): Promise<void> {
  return database.transaction(async (client) => {
    await lockFence(client, dataset);
    const { rows } = await client.query<{ state: string }>(LOCK_VERSION, [versionId]);
    if (rows[0]?.state === 'current') {
      await moveIceberg(client, dataset, versionId, move, true);
    }
  });
}

async function stateOf(client: PoolClient, dataset: string): Promise<string> {
  const { rows } = await client.query<{ state: string }>(statements.ICEBERG_STATE, [dataset]);
  return rows[0]!.state;
}

function requireAll(
  names: readonly string[],
  moved: ReadonlyArray<{ name: string }>,
  place: string,
): void {
  const found = new Set(moved.map(({ name }) => name));
  const [taken] = names.filter((name) => !found.has(name));
  if (taken !== undefined) throw nameTaken(`${place}.${taken}`);
}

function nameTaken(place: string): ImportError {
  return new ImportError('ICEBERG_NAME_TAKEN', {
    place,
    expected: 'no such table, or the one that the last publication left there',
    found: 'metadata that another tool has written',
  });
}
