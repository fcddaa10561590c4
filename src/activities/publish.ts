/** Makes a stored version current, or holds it: the catalog's transaction, and after it the pointer for other readers. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CacheEntry } from '../cache/types.js';
import {
  buildMetadataFiles,
  METADATA_FILES,
  type Publication,
  type PublicationContent,
  type StoredMetadata,
} from '../catalog/index.js';
import { ImportError } from '../errors/index.js';
import { iceberg as icebergSettings } from '../config/iceberg.js';
import { toolVersion } from '../config/environment.js';
import type { SkippedFile, TableDescription } from '../convert/types.js';
import { readSkipped, skippedFileOf } from '../convert/unpack/skipped-files.js';
import { withIceberg } from '../publication/iceberg.js';
import { contentOfPublication, contentOfVersion } from '../publication/iceberg-tables.js';
import { readKept } from '../publication/kept-log.js';
import { missingObjects } from '../publication/missing.js';
import { movePointer } from '../publication/pointer.js';
import { judge } from '../publication/verdict.js';
import { driftText } from '../published/drift.js';
import type { Resources } from '../resources.js';
import type { PinnedSource } from '../source/types.js';
import type { ImportPlan } from './prepare.js';
import type { FailedTable } from './failed-tables.js';
import { activity } from './step.js';
import type { StoredTable } from './store.js';
import { keptTable, type Named } from './table-files.js';
import { requireWorkFile, workDirectoryOf } from './work-directory.js';

export interface PublishRequest {
  readonly plan: ImportPlan;
  readonly pin: PinnedSource;
  readonly cached: CacheEntry;
  readonly prefix: string;
  readonly tables: ReadonlyArray<Named<StoredTable>>;
  readonly carriedOver: readonly string[];
  /** Names of tables that have failed; a worker of the version before knows of none. */
  readonly failed?: readonly string[];
}

export interface Published {
  readonly versionId: string;
  /** Of an older version, when this one would only have repeated it. */
  readonly prefix: string;
  /** Stored, and not current until a person has approved it. */
  readonly held: boolean;
  /** Past the limits of `drift:`, in words. */
  readonly drift: readonly string[];
}

export function publishActivities(resources: Resources) {
  const { cache, store, catalog, workRoot, requireOwnBucket } = resources;
  return {
    publish: activity(
      async (
        request: PublishRequest,
        { signal, workflowId, runId, scheduledMs },
      ): Promise<Published> => {
        const { plan, prefix } = request;
        // Killed after the commit: what has become current since is none of this attempt's business.
        const published = await catalog.versionAt(prefix);
        if (published !== undefined) return outcomeOf(published, prefix);
        const run = { workflowId, runId };
        const workDirectory = workDirectoryOf(workRoot, plan.entry.name, runId);
        const sources = (await cache.documentation(request.cached.key))?.sources;
        const gathered = await gather(request, workDirectory, run, sources);
        // A worker of the version before has read the settings without it.
        const place = {
          catalog,
          store,
          iceberg: icebergSettings.parse(plan.settings.iceberg ?? {}),
        };
        await requireOwnBucket(signal);
        const verdict = await judge(catalog, gathered);
        const twin = await completeTwin(gathered, signal);
        if (twin) {
          const content = await contentOfVersion(catalog, plan.entry.name, twin.versionId);
          await withIceberg(place, content, signal, (move) =>
            catalog.makeCurrent(twin.versionId, run, move, verdict),
          );
          return outcomeOf(twin.versionId, twin.prefix);
        }
        await catalog.claimPrefix(prefix, plan.entry.name, run, []);
        const metadata = await storeMetadata(gathered, workDirectory, signal);
        const publication = { ...gathered, metadata, verdict };
        await requireObjects(publication, signal);
        // Readers see the new version from here on. Killed after it, the next attempt finds it published.
        // What an attempt before has stored is stored again under the same keys.
        const content = await contentOfPublication(catalog, publication, scheduledMs);
        const { versionId } = await withIceberg(place, content, signal, (move) =>
          catalog.publish(publication, move),
        );
        return outcomeOf(versionId, prefix);
      },
    ),

    /** Points readers without the database at what is current in the catalog. */
    writePointer: activity(async ({ dataset }: { dataset: string }, { signal }): Promise<void> => {
      await requireOwnBucket(signal);
      await movePointer(resources, dataset, signal);
    }),
  };

  /** As the catalog has it: the attempt that is killed behind its commit has not told it. */
  async function outcomeOf(versionId: string, prefix: string): Promise<Published> {
    const { held, drift } = await catalog.findVerdict(versionId);
    return { versionId, prefix, held, drift: drift.map(driftText) };
  }

  /** A forced import of unchanged bytes, or a source that went back: what is there stays, if all of it is. */
  async function completeTwin(publication: PublicationContent, signal: AbortSignal) {
    const twin = await catalog.findTwin(publication);
    if (!twin) return undefined;
    const keys = new Set(twin.objects.map(({ key }) => key));
    // A version of an older kaggle-import has less beside its tables.
    if (!METADATA_FILES.every((name) => keys.has(`${twin.prefix}/${name}`))) return undefined;
    const missing = await missingObjects(resources, twin.objects, signal);
    return missing.length === 0 ? twin : undefined;
  }

  /** What a person has removed meanwhile, or a store has lost, must not become current. */
  async function requireObjects({ tables, metadata, kept = [] }: Publication, signal: AbortSignal) {
    const files = kept.flatMap(({ key, bytes }) => (key === undefined ? [] : [{ key, bytes }]));
    const objects = tables.flatMap((table) => [...table.objects, table.rejectsObject ?? []].flat());
    const all = [...objects, ...files, ...metadata];
    const [missing] = await missingObjects(resources, all, signal);
    if (missing) throw new ImportError('OBJECT_MISSING', { place: missing.key });
  }

  async function storeMetadata(
    publication: PublicationContent,
    workDirectory: string,
    signal: AbortSignal,
  ): Promise<StoredMetadata[]> {
    const published = await catalog.findPublishedTables(publication.entry.name);
    const stored: StoredMetadata[] = [];
    const files = await buildMetadataFiles(publication, published);
    for (const { name, mediaType, text } of files) {
      const file = join(workDirectory, name);
      await writeFile(file, text);
      const object = await store.putImmutable(`${publication.prefix}/${name}`, file, {
        sha256: createHash('sha256').update(text).digest('hex'),
        bytes: Buffer.byteLength(text),
        contentType: mediaType,
        signal,
      });
      stored.push({ ...object, name, mediaType });
    }
    return stored;
  }
}

async function gather(
  { plan, pin: pinned, cached, prefix, tables, carriedOver, failed = [] }: PublishRequest,
  workDirectory: string,
  run: { workflowId: string; runId: string },
  sources: string | undefined,
): Promise<PublicationContent> {
  const pin = {
    ...pinned,
    description: { ...pinned.description, ...(sources !== undefined && { sources }) },
  };
  // A worker of the version before has left none: the import starts over.
  await requireWorkFile(skippedFileOf(workDirectory));
  const { kept, failed: lost } = await readKept(workDirectory, prefix);
  const keptPaths = new Set([...kept.map(({ path }) => path), ...lost.map(pathOf)]);
  const skipped: SkippedFile[] = [];
  for await (const file of readSkipped(workDirectory)) {
    if (!(file.keeps && keptPaths.has(pathOf(file)))) skipped.push(file);
  }
  const failedTable = (name: string): Promise<FailedTable> =>
    keptTable(workDirectory, 'failed', { name }, isFailed);
  return {
    entry: plan.entry,
    pin,
    checksum: cached.checksum,
    configDigest: plan.configDigest,
    prefix,
    ...run,
    tables: await Promise.all(
      tables.map(async (table) => {
        const stored = await keptTable(workDirectory, 'stored', table, isStored);
        const { descriptionFile, objects, rejectsObject } = stored;
        const description = await readFile(join(workDirectory, descriptionFile), 'utf8');
        return {
          description: JSON.parse(description) as TableDescription,
          tableDigest: plan.tableDigest,
          objects: [...objects],
          ...(rejectsObject && { rejectsObject }),
        };
      }),
    ),
    carriedOver: [...carriedOver],
    skipped: [...skipped, ...lost, ...(await Promise.all(failed.map(failedTable)))],
    kept,
    provenance: {
      ...pin.description,
      kind: pin.kind,
      reference: pin.reference,
      version: pin.version,
      ...(pin.totalBytes !== undefined && { totalBytes: pin.totalBytes }),
      sourceBytes: cached.bytes,
      tool: `kaggle-import ${toolVersion}`,
    },
  };
}

function pathOf({ originalPath }: SkippedFile): string {
  return originalPath;
}

function isFailed(table: Named<FailedTable>): table is FailedTable {
  return table.reason !== undefined;
}

function isStored(table: Named<StoredTable>): table is StoredTable {
  return table.objects !== undefined;
}
