/** The catalog step: what is published, where it is, and how each import went, in PostgreSQL. */
import { ImportError } from '../errors/index.js';
import type { PinnedSource } from '../source/types.js';
import { batches, type Batches } from './batches.js';
import { openDatabase } from './database.js';
import {
  icebergHistory,
  renewIceberg,
  requireIcebergNames,
  type IcebergHistory,
  type IcebergMove,
} from './iceberg.js';
import { storableText } from './json.js';
import { makeCurrent, publish, type PublishResult } from './publish.js';
import { readRows } from './rows.js';
import { finishImport, startImport } from './runs.js';
import { DESCRIBE_TABLES, FIND_VERSIONS } from './statements/describe.js';
import { FIND_HELD, FIND_VERDICT } from './statements/drift.js';
import * as imports from './statements/imports.js';
import * as read from './statements/read.js';
import * as prefixes from './statements/prefixes.js';
import * as versions from './statements/versions.js';
import { findTwin, versionObjects, type Twin } from './twin.js';
import { approve, isPassedOver, reject, rollback, sweeping, type Sweeping } from './versions.js';
import { workers, type Workers } from './workers.js';
import type {
  DatasetSummary,
  DescribedTable,
  DescribedVersion,
  FailedRow,
  HeldVersion,
  ImportEnd,
  ImportRecord,
  ImportStart,
  KeptFile,
  Publication,
  PublicationContent,
  PublishedTable,
  PublishedVersion,
  RunEnd,
  RunId,
  Verdict,
  VersionObject,
} from './types.js';

export { joinParts } from './file-rows.js';
export { withoutPersonalData } from './personal-data.js';
export type { IcebergHistory, IcebergMove, IcebergTable, StoredIcebergTable } from './iceberg.js';
export { spdxLicence } from './licence.js';
export { buildMetadataFiles, citationOf, keywordsOf, METADATA_FILES } from './metadata/index.js';
export { PARQUET_TYPE } from './file-rows.js';
export { buildCurrentPointer, type CurrentPointer } from './current-pointer.js';
export { migrate, migrateOnceReachable, type MigrateOptions } from './migrate.js';
export type {
  BatchEnd,
  Batches,
  BatchRecord,
  BatchResult,
  BatchStart,
  BatchTrouble,
  EndWithoutRun,
} from './batches.js';
export type { PublishResult } from './publish.js';
export type { Twin } from './twin.js';
export type { Sweeping } from './versions.js';
export type { AnnouncedWorker } from './workers.js';
export type * from './types.js';

/**
 * Every method throws `ImportError`: DATABASE_UNREACHABLE, DATABASE_FORBIDDEN, DATABASE_BUSY, DATABASE_FAILED
 * with host, port and database, or CATALOG_OUTDATED when migrations are missing. Every write may run again.
 */
export interface Catalog {
  /** Version of the server, such as `18.0`. */
  ping(signal?: AbortSignal): Promise<{ readonly version: string }>;
  findPublication(dataset: string): Promise<PublishedVersion | undefined>;
  /** Tables of the current version, by name; none for an unpublished dataset. */
  findPublishedTables(dataset: string): Promise<PublishedTable[]>;
  /** Published versions of a dataset, newest first. */
  findVersions(dataset: string): Promise<DescribedVersion[]>;
  /** Tables of one version, by name, with everything that is known of their columns. */
  describeTables(versionId: string): Promise<DescribedTable[]>;
  /** Tables of any version, by name. */
  versionTables(versionId: string): Promise<PublishedTable[]>;
  /** Every object that a version needs, also those of carried-over tables. */
  versionObjects(versionId: string): Promise<VersionObject[]>;
  /** The version whose objects lie there. */
  versionAt(prefix: string): Promise<string | undefined>;
  /** What the version was published without; the first `most` of it. */
  failedTables(versionId: string, most: number): Promise<FailedRow[]>;
  /** Of the current version: files that are stored as they are. */
  keptFiles(dataset: string): Promise<KeptFile[]>;
  /** A version of the same source, configuration and bytes. */
  findTwin(publication: PublicationContent): Promise<Twin | undefined>;
  /**
   * Throws IMPORT_SUPERSEDED when the run is not the dataset's latest or has ended, and CARRIED_OVER_MISSING
   * when the current version lacks a table to be carried over. Where a version becomes current, `iceberg` moves what
   * engines see of it; without it they see what they saw. Throws ICEBERG_MOVED, ICEBERG_NAME_TAKEN.
   */
  publish(publication: Publication, iceberg?: IcebergMove): Promise<PublishResult>;
  /** Makes a version that is there current, or held by the verdict. Throws VERSION_MISSING, IMPORT_SUPERSEDED. */
  makeCurrent(
    versionId: string,
    run: RunId,
    iceberg?: IcebergMove,
    verdict?: Verdict,
  ): Promise<void>;
  /** What was made of a version when it was published. */
  findVerdict(versionId: string): Promise<Verdict>;
  /** The version of the dataset that waits for a person. */
  findHeld(dataset: string): Promise<HeldVersion | undefined>;
  /**
   * On behalf of a person; imports that began before publish no more. False when it is current already.
   * Throws VERSION_REMOVED, VERSION_HELD.
   */
  rollback(dataset: string, versionId: string, iceberg?: IcebergMove): Promise<boolean>;
  /**
   * Makes a held version current; imports that began before publish no more. False when it is current already.
   * Throws VERSION_NOT_HELD, also when something newer is current.
   */
  approve(dataset: string, versionId: string, iceberg?: IcebergMove): Promise<boolean>;
  /** No import brings it back by itself. False when it was rejected already. Throws VERSION_NOT_HELD. */
  reject(dataset: string, versionId: string): Promise<boolean>;
  /** A person has gone back from what an import of this source and configuration would publish. */
  isPassedOver(dataset: string, pin: PinnedSource, configDigest: string): Promise<boolean>;
  /** Those of `keys` whose objects a verification has found to be other than what was published. */
  damagedKeys(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** From now on imports take the object for gone; `found` says what was wrong, for people. */
  markDamaged(key: string, found: string): Promise<void>;
  /** The objects are as they were published, or gone. */
  forgetDamage(keys: readonly string[]): Promise<void>;
  /** What the next Iceberg metadata of the dataset is made of; waits for a publication under way. */
  icebergHistory(dataset: string): Promise<IcebergHistory>;
  /** Of tables that are to be published. Throws ICEBERG_NAME_TAKEN. */
  requireIcebergNames(
    dataset: string,
    place: Pick<IcebergMove, 'catalogName' | 'namespace'>,
    names: readonly string[],
  ): Promise<void>;
  /** Of the current version. Throws ICEBERG_MOVED, ICEBERG_NAME_TAKEN. */
  renewIceberg(dataset: string, versionId: string, move: IcebergMove): Promise<void>;
  /** What the removal of old versions needs. */
  readonly sweeping: Sweeping;
  readonly batches: Batches;
  readonly workers: Workers;
  /** Which catalog this is; a restored one is the same. */
  id(): Promise<string>;
  /**
   * Before the first object is written under `prefix`: from now on it is this run's. `largeKeys` are uploaded
   * in parts. Throws IMPORT_SUPERSEDED when it is another run's, or its objects were removed.
   */
  claimPrefix(prefix: string, dataset: string, run: RunId, largeKeys: string[]): Promise<void>;
  /**
   * From now on no run can publish the prefix, and what lies there may be removed. Gives the keys that were
   * uploaded in parts; `undefined` when the prefix is published, or not of this run.
   */
  releasePrefix(prefix: string, run: RunId): Promise<readonly string[] | undefined>;
  /** Also makes the run the latest of its dataset: whatever ran before publishes no more. */
  startImport(start: ImportStart): Promise<void>;
  /** Also of a run whose start could not be recorded. */
  finishImport(end: ImportEnd): Promise<void>;
  /** Those whose end is not recorded, oldest first. */
  unfinishedImports(): Promise<ImportStart[]>;
  /** For a run that could not record its end itself; without effect on one that did. */
  closeImport(run: RunId, end: RunEnd): Promise<void>;
  /** Forgets runs that began more than `days` ago, at most so many; the newest of a dataset stays. Gives how many. */
  retireImports(days: number, most: number): Promise<number>;
  /** Prefixes of runs that have ended, under which something may lie that was never published. */
  abandonedPrefixes(): Promise<Array<RunId & { readonly prefix: string }>>;
  /** After the removal: a day later it is looked at once more, for what a zombie has stored since. */
  prefixRemoved(prefix: string): Promise<void>;
  /** By name. */
  listDatasets(): Promise<DatasetSummary[]>;
  /** Newest first. */
  importsOf(dataset: string, limit: number): Promise<ImportRecord[]>;
  close(): Promise<void>;
}

/** Connects with the first call. Throws ENVIRONMENT_INVALID on a URL that is none. */
export function openCatalog(
  databaseUrl: string,
  { connections }: { readonly connections?: number } = {},
): Catalog {
  const database = openDatabase(databaseUrl, connections);
  const rows = <T>(statement: string, values?: readonly unknown[]): Promise<T[]> =>
    readRows<T>(database, statement, values);
  const versionTables = (versionId: string): Promise<PublishedTable[]> =>
    rows<PublishedTable>(read.VERSION_TABLES, [versionId]);

  return {
    async ping(signal) {
      signal?.throwIfAborted();
      const [server] = await rows<{ server_version: string }>('SHOW server_version');
      return { version: server!.server_version.split(' ')[0]! };
    },
    findPublication: async (dataset) =>
      (await rows<PublishedVersion>(read.FIND_PUBLICATION, [dataset]))[0],
    async findPublishedTables(dataset) {
      const [current] = await rows<{ id?: string }>(read.CURRENT_VERSION, [dataset]);
      return current?.id === undefined ? [] : versionTables(current.id);
    },
    findVersions: (dataset) => rows<DescribedVersion>(FIND_VERSIONS, [dataset]),
    describeTables: (versionId) => rows<DescribedTable>(DESCRIBE_TABLES, [versionId]),
    versionTables,
    versionObjects: (versionId) => versionObjects(database, versionId),
    versionAt: async (prefix) => (await rows<{ id: string }>(read.VERSION_AT, [prefix]))[0]?.id,
    failedTables: (versionId, most) => rows<FailedRow>(read.FAILED_TABLES, [versionId, most]),
    keptFiles: (dataset) => rows<KeptFile>(read.KEPT_FILES, [dataset]),
    findTwin: (publication) => findTwin(database, publication),
    publish: (publication, iceberg) => publish(database, publication, iceberg),
    makeCurrent: (versionId, run, iceberg, verdict) =>
      makeCurrent(database, versionId, run, iceberg, verdict),
    findVerdict: async (versionId) => (await rows<Verdict>(FIND_VERDICT, [versionId]))[0]!,
    findHeld: async (dataset) => (await rows<HeldVersion>(FIND_HELD, [dataset]))[0],
    rollback: (dataset, versionId, iceberg) => rollback(database, dataset, versionId, iceberg),
    approve: (dataset, versionId, iceberg) => approve(database, dataset, versionId, iceberg),
    reject: (dataset, versionId) => reject(database, dataset, versionId),
    isPassedOver: (dataset, pin, digest) => isPassedOver(database, dataset, pin, digest),
    async damagedKeys(keys) {
      const found = await rows<{ key: string }>(versions.DAMAGED_KEYS, [keys]);
      return new Set(found.map(({ key }) => key));
    },
    async markDamaged(key, found) {
      await database.query(versions.MARK_DAMAGED, [key, storableText(found)]);
    },
    async forgetDamage(keys) {
      await database.query(versions.FORGET_DAMAGE, [keys]);
    },
    icebergHistory: (dataset) => icebergHistory(database, dataset),
    requireIcebergNames: (dataset, place, names) =>
      requireIcebergNames(database, dataset, place, names),
    renewIceberg: (dataset, versionId, move) => renewIceberg(database, dataset, versionId, move),
    sweeping: sweeping(database),
    batches: batches(database),
    workers: workers(database),
    id: async () => (await rows<{ id: string }>(prefixes.CATALOG_ID))[0]!.id,
    async claimPrefix(prefix, dataset, { workflowId, runId }, largeKeys) {
      const values = [prefix, dataset, workflowId, runId, largeKeys];
      if ((await rows(prefixes.CLAIM_PREFIX, values)).length === 1) return;
      const found = 'a prefix of another import, or of one that was taken for ended';
      throw new ImportError('IMPORT_SUPERSEDED', { place: prefix, found });
    },
    releasePrefix: async (prefix, { runId }) =>
      (await rows<{ largeKeys: string[] }>(prefixes.RELEASE_PREFIX, [prefix, runId]))[0]?.largeKeys,
    startImport: (start) => startImport(database, start),
    finishImport: (end) => finishImport(database, end),
    unfinishedImports: () => rows<ImportStart>(imports.UNFINISHED_IMPORTS),
    async closeImport({ workflowId, runId }, { endedAt, outcome, errorCode, errorMessage }) {
      const message = errorMessage === undefined ? null : storableText(errorMessage);
      const values = [workflowId, runId, endedAt, outcome, errorCode ?? null, message];
      await database.query(imports.CLOSE_IMPORT, values);
    },
    retireImports: (days, most) => database.execute(imports.RETIRE_IMPORTS, [days, most]),
    abandonedPrefixes: () => rows<RunId & { prefix: string }>(prefixes.ABANDONED_PREFIXES),
    async prefixRemoved(prefix) {
      await database.query(prefixes.FORGET_PREFIX, [prefix]);
      await database.query(prefixes.MARK_REMOVED, [prefix]);
    },
    listDatasets: () => rows<DatasetSummary>(read.LIST_DATASETS),
    importsOf: (dataset, limit) => rows<ImportRecord>(read.IMPORTS_OF, [dataset, limit]),
    close: () => database.close(),
  };
}
