/** What a person decides of a stored version, and how old ones go: what happens to versions after they are made. */
import { ImportError } from '../errors/index.js';
import type { PoolClient } from 'pg';
import type { PinnedSource } from '../source/types.js';
import type { Database } from './database.js';
import { moveIceberg, type IcebergMove } from './iceberg.js';
import { storableText } from './json.js';
import { setCurrent } from './publish.js';
import { readRows } from './rows.js';
import { lockFence } from './runs.js';
import { PUBLISHED_SINCE, SET_STATE_REJECTED } from './statements/drift.js';
import { ICEBERG_LOCATIONS } from './statements/iceberg.js';
import { LOCK_VERSION } from './statements/publish.js';
import * as statements from './statements/versions.js';
import type { DescribedVersion, StaleVersion } from './types.js';

/**
 * Makes a stored version current, on behalf of a person: whatever import began before publishes no more, and
 * none brings back what was gone back from. False when it is current already. Throws VERSION_REMOVED, VERSION_HELD.
 */
export function rollback(
  database: Database,
  dataset: string,
  versionId: string,
  iceberg?: IcebergMove,
): Promise<boolean> {
  return database.transaction(async (client) => {
    const { datasetId, state } = await lockVersion(client, dataset, versionId);
    if (state === 'current') return false;
    if (state === 'held') throw new ImportError('VERSION_HELD', { place: dataset });
    await client.query(statements.PASS_OVER, [datasetId, versionId]);
    await makeChosen(client, dataset, datasetId, versionId, iceberg);
    return true;
  });
}

/**
 * Makes a held version current. An import that began before has compared itself with what was current then, so it
 * publishes nothing. False when it is current already. Throws VERSION_NOT_HELD, VERSION_REMOVED.
 */
export function approve(
  database: Database,
  dataset: string,
  versionId: string,
  iceberg?: IcebergMove,
): Promise<boolean> {
  return database.transaction(async (client) => {
    const { datasetId, state } = await lockVersion(client, dataset, versionId);
    if (state === 'current') return false;
    requireHeld(dataset, state);
    const { rows } = await client.query<{ sourceVersion: string }>(PUBLISHED_SINCE, [versionId]);
    if (rows[0]) throw notHeld(dataset, `version ${rows[0].sourceVersion}, published since`);
    await makeChosen(client, dataset, datasetId, versionId, iceberg);
    return true;
  });
}

/** False when it was rejected already. Throws VERSION_NOT_HELD, VERSION_REMOVED. */
export function reject(database: Database, dataset: string, versionId: string): Promise<boolean> {
  return database.transaction(async (client) => {
    const { state } = await lockVersion(client, dataset, versionId);
    if (state === 'rejected') return false;
    requireHeld(dataset, state);
    await client.query(SET_STATE_REJECTED, [versionId]);
    return true;
  });
}

type State = DescribedVersion['state'];

async function lockVersion(client: PoolClient, dataset: string, versionId: string) {
  await lockFence(client, dataset);
  const { rows } = await client.query<{ datasetId: string; state: State }>(LOCK_VERSION, [
    versionId,
  ]);
  if (rows[0] && rows[0].state !== 'removed') return rows[0];
  throw new ImportError('VERSION_REMOVED', { place: dataset, found: versionId });
}

/** Current, for engines too; whatever import began before publishes no more. */
async function makeChosen(
  client: PoolClient,
  dataset: string,
  datasetId: string,
  versionId: string,
  iceberg: IcebergMove | undefined,
): Promise<void> {
  if (iceberg) await moveIceberg(client, dataset, versionId, iceberg, true);
  await client.query(statements.NEXT_FENCE, [dataset]);
  await setCurrent(client, datasetId, versionId);
}

function requireHeld(dataset: string, state: State): void {
  if (state !== 'held') throw notHeld(dataset, `a version that is ${state}`);
}

function notHeld(dataset: string, found: string): ImportError {
  return new ImportError('VERSION_NOT_HELD', { place: dataset, found });
}

/** Whether a person has gone back from what an import of this source and configuration would publish. */
export async function isPassedOver(
  database: Database,
  dataset: string,
  { kind, reference, version }: PinnedSource,
  configDigest: string,
): Promise<boolean> {
  const source = [dataset, kind, storableText(reference), storableText(version), configDigest];
  return (await database.query(statements.PASSED_OVER, source)).length > 0;
}

/** What the removal of old versions asks and tells; see `publication/gc.ts` for the order. */
export interface Sweeping {
  /** Beyond the newest `keep` of their dataset, and superseded for `graceSeconds`. */
  expiredVersions(keep: number, graceSeconds: number): Promise<StaleVersion[]>;
  /** Removed ones of which objects may still be there. */
  unsweptVersions(): Promise<StaleVersion[]>;
  /** From here on it can never be current again; false when it is current by now. */
  markRemoved(versionId: string): Promise<boolean>;
  /** Keys of every object that a version needs which is neither removed nor among `versionIds`. */
  neededKeys(versionIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Metadata files that the Iceberg catalog names now, and those that it named before. */
  icebergLocations(): Promise<ReadonlySet<string>>;
  /** Every dataset that was ever imported. */
  knownDatasets(): Promise<ReadonlySet<string>>;
  /** Where imports write, or have written what was not published. */
  unpublishedPrefixes(): Promise<string[]>;
  /** All its objects are gone that nothing else needs: its tables are forgotten. */
  versionSwept(versionId: string): Promise<void>;
}

export function sweeping(database: Database): Sweeping {
  return {
    expiredVersions: (keep, graceSeconds) =>
      readRows<StaleVersion>(database, statements.EXPIRED_VERSIONS, [keep, graceSeconds]),
    unsweptVersions: () => readRows<StaleVersion>(database, statements.UNSWEPT_VERSIONS),
    markRemoved: async (versionId) =>
      (await database.query(statements.MARK_VERSION_REMOVED, [versionId])).length === 1,
    async neededKeys(versionIds) {
      const rows = await readRows<{ key: string }>(database, statements.NEEDED_KEYS, [versionIds]);
      return new Set(rows.map(({ key }) => key));
    },
    async icebergLocations() {
      const rows = await readRows<{ location: string }>(database, ICEBERG_LOCATIONS);
      return new Set(rows.map(({ location }) => location));
    },
    async knownDatasets() {
      const rows = await readRows<{ dataset: string }>(database, statements.KNOWN_DATASETS);
      return new Set(rows.map(({ dataset }) => dataset));
    },
    async unpublishedPrefixes() {
      const rows = await readRows<{ prefix: string }>(database, statements.UNPUBLISHED_PREFIXES);
      return rows.map(({ prefix }) => prefix);
    },
    versionSwept: (versionId) =>
      database.transaction(async (client) => {
        await client.query(statements.FORGET_FILES, [versionId]);
        await client.query(statements.VERSION_SWEPT, [versionId]);
      }),
  };
}
