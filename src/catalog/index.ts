/** The catalog step: what is published, where it is, and how each import went, in PostgreSQL. */
import { openDatabase } from './database.js';
import { storableJson, storableText } from './json.js';
import { publish, type PublishResult } from './publish.js';
import { FINISH_IMPORT, START_IMPORT } from './statements/imports.js';
import { DESCRIBE_TABLES, FIND_VERSIONS } from './statements/describe.js';
import * as read from './statements/read.js';
import type {
  DatasetSummary,
  DescribedTable,
  DescribedVersion,
  ImportEnd,
  ImportRecord,
  ImportStart,
  Publication,
  PublishedTable,
  PublishedVersion,
} from './types.js';

export { buildCroissant } from './croissant.js';
export { CROISSANT_FILE, CROISSANT_TYPE, PARQUET_TYPE } from './file-rows.js';
export { buildCurrentPointer, type CurrentPointer } from './current-pointer.js';
export { migrate, type MigrateOptions } from './migrate.js';
export type { PublishResult } from './publish.js';
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
  /** True when a version, current or not, has this prefix: then nothing under it may be rewritten. */
  isPublished(prefix: string): Promise<boolean>;
  /** Throws CARRIED_OVER_MISSING when the current version lacks a table to be carried over. */
  publish(publication: Publication): Promise<PublishResult>;
  startImport(start: ImportStart): Promise<void>;
  /** Of a started import. */
  finishImport(end: ImportEnd): Promise<void>;
  /** By name. */
  listDatasets(): Promise<DatasetSummary[]>;
  /** Newest first. */
  importsOf(dataset: string, limit: number): Promise<ImportRecord[]>;
  close(): Promise<void>;
}

/** Connects with the first call. Throws ENVIRONMENT_INVALID on a URL that is none. */
export function openCatalog(databaseUrl: string): Catalog {
  const database = openDatabase(databaseUrl);
  const rows = async <T>(statement: string, values: readonly unknown[] = []): Promise<T[]> =>
    (await database.query(statement, values)).map((row) => plain(row) as T);

  return {
    async ping(signal) {
      signal?.throwIfAborted();
      const [server] = await rows<{ server_version: string }>('SHOW server_version');
      return { version: server!.server_version.split(' ')[0]! };
    },
    findPublication: async (dataset) =>
      (await rows<PublishedVersion>(read.FIND_PUBLICATION, [dataset]))[0],
    findPublishedTables: (dataset) => rows<PublishedTable>(read.FIND_PUBLISHED_TABLES, [dataset]),
    findVersions: (dataset) => rows<DescribedVersion>(FIND_VERSIONS, [dataset]),
    describeTables: (versionId) => rows<DescribedTable>(DESCRIBE_TABLES, [versionId]),
    isPublished: async (prefix) =>
      (await rows<{ published: boolean }>(read.IS_PUBLISHED, [prefix]))[0]!.published,
    publish: (publication) => publish(database, publication),
    async startImport({ workflowId, runId, dataset, startedAt }) {
      await database.query(START_IMPORT, [workflowId, runId, dataset, startedAt]);
    },
    async finishImport(end) {
      await database.query(FINISH_IMPORT, [
        end.workflowId,
        end.runId,
        end.endedAt,
        end.outcome,
        storableJson(end.stageMs),
        end.sourceBytes,
        end.parquetBytes,
        end.transferredBytes,
        end.rows,
        end.tables,
        end.cacheHit ?? null,
        end.prefix ?? null,
        end.errorCode ?? null,
        end.errorMessage === undefined ? null : storableText(end.errorMessage),
      ]);
    },
    listDatasets: () => rows<DatasetSummary>(read.LIST_DATASETS),
    importsOf: (dataset, limit) => rows<ImportRecord>(read.IMPORTS_OF, [dataset, limit]),
    close: () => database.close(),
  };
}

/** Rows for TypeScript: an absent value is absent, an instant is ISO 8601. */
function plain(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]),
  );
}
