/** The catalog step: what is published, where it is, and how each import went, in PostgreSQL. */
import { ImportError } from '../errors/index.js';
import { batches } from './batches.js';
import { openDatabase } from './database.js';
import { icebergHistory, renewIceberg, requireIcebergNames } from './iceberg.js';
import { storableText } from './json.js';
import { messages } from './messages.js';
import { makeCurrent, publish } from './publish.js';
import { readRows } from './rows.js';
import { finishImport, startImport } from './runs.js';
import { DESCRIBE_TABLES, FIND_VERSIONS } from './statements/describe.js';
import { FIND_HELD, FIND_VERDICT } from './statements/drift.js';
import * as imports from './statements/imports.js';
import * as read from './statements/read.js';
import * as prefixes from './statements/prefixes.js';
import * as versions from './statements/versions.js';
import { findTwin, versionObjects } from './twin.js';
import { approve, isPassedOver, reject, rollback, sweeping } from './versions.js';
import { workers } from './workers.js';
import type { Catalog } from './catalog.js';
import type {
  DatasetSummary,
  DescribedTable,
  DescribedVersion,
  FailedRow,
  HeldVersion,
  ImportRecord,
  ImportStart,
  KeptFile,
  KeptRow,
  PublishedTable,
  PublishedVersion,
  RunId,
  Verdict,
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
export type { Messages, ReceiverId, Undelivered } from './messages.js';
export type { PublishResult } from './publish.js';
export type { Catalog } from './catalog.js';
export type { Twin } from './twin.js';
export type { Sweeping } from './versions.js';
export type { AnnouncedWorker } from './workers.js';
export type * from './types.js';

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
    keptOf: (versionId, most) => rows<KeptRow>(read.KEPT_OF_VERSION, [versionId, most]),
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
    messages: messages(database),
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
