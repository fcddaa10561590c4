/** Makes a stored version current: the catalog's transaction, and after it the pointer for other readers. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CacheEntry } from '../cache/types.js';
import {
  buildCroissant,
  buildCurrentPointer,
  CROISSANT_FILE,
  CROISSANT_TYPE,
  type Publication,
} from '../catalog/index.js';
import { ImportError } from '../errors/index.js';
import { toolVersion } from '../config/environment.js';
import type { SkippedFile, TableDescription } from '../convert/types.js';
import type { Resources } from '../resources.js';
import type { PinnedSource } from '../source/types.js';
import type { ImportPlan } from './prepare.js';
import { activity } from './step.js';
import type { StoredTable } from './store.js';
import { requireWorkFile, workDirectoryOf } from './work-directory.js';

export interface PublishRequest {
  readonly plan: ImportPlan;
  readonly pin: PinnedSource;
  readonly cached: CacheEntry;
  readonly prefix: string;
  readonly tables: readonly StoredTable[];
  readonly carriedOver: readonly string[];
}

export function publishActivities({ store, catalog, workRoot }: Resources) {
  return {
    publish: activity(async (request: PublishRequest, { signal, workflowId, runId }) => {
      const { plan, prefix } = request;
      const workDirectory = workDirectoryOf(workRoot, plan.entry.name, runId);
      const publication = await gather(request, workDirectory, { workflowId, runId });
      await storeCroissant(publication, prefix, workDirectory, signal);
      await requireObjects(request.tables, signal);
      // Readers see the new version from here on. Killed after it, the next attempt finds it published.
      const { versionId } = await catalog.publish(publication);
      return { versionId };
    }),

    /** Points readers without the database at what is current in the catalog; writes nothing that is there. */
    writePointer: activity(async ({ dataset }: { dataset: string }, { signal }): Promise<void> => {
      const key = `datasets/${dataset}/current.json`;
      const text = JSON.stringify(await buildCurrentPointer(catalog, dataset), null, 2);
      const before = await store.getText(key, signal).catch((error: unknown) => {
        if (error instanceof ImportError && error.code === 'OBJECT_MISSING') return undefined;
        throw error;
      });
      if (before !== text) await store.putMutable(key, text, 'application/json', signal);
    }),
  };

  /** Another import of the same version, under another workflow id, may have removed them when it failed. */
  async function requireObjects(tables: readonly StoredTable[], signal: AbortSignal) {
    const objects = tables.flatMap((table) => [...table.objects, table.rejectsObject ?? []].flat());
    for (const { key, sha256 } of objects) {
      const head = await store.head(key, signal);
      if (head?.sha256 !== sha256) throw new ImportError('OBJECT_MISSING', { place: key });
    }
  }

  async function storeCroissant(
    publication: Publication,
    prefix: string,
    workDirectory: string,
    signal: AbortSignal,
  ): Promise<void> {
    // Written before the version was published the first time; nothing under its prefix is rewritten.
    if (await catalog.isPublished(prefix)) return;
    const published = await catalog.findPublishedTables(publication.entry.name);
    const text = JSON.stringify(buildCroissant(publication, published), null, 2);
    const file = join(workDirectory, CROISSANT_FILE);
    await writeFile(file, text);
    await store.putImmutable(`${prefix}/${CROISSANT_FILE}`, file, {
      sha256: createHash('sha256').update(text).digest('hex'),
      bytes: Buffer.byteLength(text),
      contentType: CROISSANT_TYPE,
      replace: true,
      signal,
    });
  }
}

async function gather(
  { plan, pin, cached, prefix, tables, carriedOver }: PublishRequest,
  workDirectory: string,
  run: { workflowId: string; runId: string },
): Promise<Publication> {
  const unpacked = join(workDirectory, 'unpacked.json');
  await requireWorkFile(unpacked);
  const { skipped } = JSON.parse(await readFile(unpacked, 'utf8')) as { skipped: SkippedFile[] };
  return {
    entry: plan.entry,
    pin,
    checksum: cached.checksum,
    configDigest: plan.configDigest,
    prefix,
    ...run,
    tables: await Promise.all(
      tables.map(async ({ descriptionFile, objects, rejectsObject }) => ({
        description: JSON.parse(
          await readFile(join(workDirectory, descriptionFile), 'utf8'),
        ) as TableDescription,
        tableDigest: plan.tableDigest,
        objects: [...objects],
        ...(rejectsObject && { rejectsObject }),
      })),
    ),
    carriedOver: [...carriedOver],
    skipped,
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
