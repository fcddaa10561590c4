/** Unpacking and converting, on the host that has the bytes. */
import { join } from 'node:path';
import type { PublishedTable } from '../catalog/index.js';
import type { DatasetEntry } from '../config/datasets.js';
import { toolVersion } from '../config/environment.js';
import { iceberg as icebergSettings } from '../config/iceberg.js';
import type { ConvertProgress } from '../convert/progress.js';
import type { ConvertedTable, Growth, TableSource } from '../convert/types.js';
import type { ToldSkipped } from '../convert/unpack/skipped-files.js';
import { documented } from '../publication/documented.js';
import { growing, type Standing } from '../publication/growth.js';
import { requireFreeNames } from '../publication/iceberg.js';
import { missingObjects } from '../publication/missing.js';
import { parquetMetadata } from '../publication/parquet-metadata.js';
import type { BytesWork } from '../pool/index.js';
import type { Resources } from '../resources.js';
import type { PinnedSource, SourceDescription } from '../source/types.js';
import { keepAbout, keptAbout } from './about.js';
import type { Arrivals } from './arrivals.js';
import type { ImportPlan } from './prepare.js';
import type { Measured } from './step-meter.js';
import { activity } from './step.js';
import { needsOf, waiting, waitingTable } from './host-needs.js';
import { failureOf } from './failed-tables.js';
import { keepTable, keptTable, requireRoom, type Named } from './table-files.js';
import { createWorkDirectory, requireWorkFile, workDirectoryOf } from './work-directory.js';

export interface UnpackedTables extends ToldSkipped {
  /** To be converted. */
  readonly tables: ReadonlyArray<Named<TableSource>>;
  /** Names of tables whose bytes and configuration are those of the current publication. */
  readonly carriedOver: readonly string[];
  /** Of those, together; a worker of the version before does not say it. */
  readonly carriedRows?: number;
  readonly sourceBytes: number;
}

/** As it is kept on the host until it is converted. */
type KeptSource = TableSource & { readonly growth?: Growth };

type StoredObjects = Pick<PublishedTable, 'name' | 'parts' | 'rejectsPart'>;

interface UnpackRequest {
  readonly plan: ImportPlan;
  readonly cacheKey: string;
  readonly force: boolean;
  /** A workflow of the version before does not say it. */
  readonly about?: SourceDescription;
}

export function convertActivities(
  { cache, catalog, store, workRoot, room }: Resources,
  work: Pick<BytesWork, 'unpack' | 'convertTable'>,
  arrivals: Pick<Arrivals, 'settled' | 'giveWay'>,
) {
  return {
    unpack: activity(
      async (
        { plan, cacheKey, force, about }: UnpackRequest,
        { signal, report, runId },
      ): Promise<UnpackedTables> => {
        const { entry, settings, tableDigest } = plan;
        const workDirectory = workDirectoryOf(workRoot, entry.name, runId);
        const files = await cache.files(cacheKey);
        await createWorkDirectory(workDirectory);
        await keepAbout(workDirectory, about ?? {});
        const { tables: unpacked, ...told } = await work.unpack(
          { files, workDirectory, entry, limits: settings.limits },
          {
            signal,
            onProgress: ({ bytes, file, waitsFor }) =>
              report({
                ...{ doing: 'unpacking', unit: 'bytes', done: bytes },
                ...(file !== undefined && { name: file }),
                ...(waitsFor !== undefined && { phase: waiting(waitsFor) }),
              }),
          },
        );
        const tables = documented(unpacked, await cache.documentation(cacheKey));
        requireRoom(entry.name, tables, plan);
        // A worker of the version before has read the settings without it.
        const iceberg = icebergSettings.parse(settings.iceberg ?? {});
        const names = tables.map(({ name }) => name);
        await requireFreeNames(catalog, iceberg, entry.name, names);
        await cache.dropInflated(cacheKey);
        const published = force ? [] : await presentTables(entry.name, signal);
        const unchanged = (table: TableSource): boolean =>
          published.some(
            (before) =>
              before.name === table.name &&
              before.originalPath === table.originalPath &&
              before.sourceSha256 === table.sourceSha256 &&
              before.tableDigest === tableDigest,
          );
        const changed = tables.filter((table) => !unchanged(table));
        const carriedOver = tables.filter(unchanged).map(({ name }) => name);
        const carried = published.filter(({ name }) => carriedOver.includes(name));
        const grown = await growingTables(entry, signal);
        for (const one of changed) {
          const asked = { entry, tableDigest, force };
          const { table, growth } = growing(one, grown.get(one.name), asked);
          await keepTable(workDirectory, 'sources', { ...table, ...(growth && { growth }) });
        }
        return {
          tables: changed.map(({ name }) => ({ name })),
          carriedOver,
          ...(carried.length > 0 && {
            carriedRows: carried.reduce((sum, { rows }) => sum + rows, 0),
          }),
          sourceBytes: bytesOf(tables),
          ...told,
        };
      },
    ),

    convertTable: activity(
      async (
        request: {
          plan: ImportPlan;
          table: Named<KeptSource>;
          pin: PinnedSource;
          checksum: string;
          tableCount: number;
        },
        { signal, report, runId },
      ): Promise<ConvertedTable> => {
        const { plan, pin, checksum } = request;
        const { entry, settings } = plan;
        const workDirectory = workDirectoryOf(workRoot, entry.name, runId);
        const source = await keptTable(workDirectory, 'sources', request.table, isSource);
        const { growth, ...table } = source;
        await requireWorkFile(join(workDirectory, table.file));
        const input = {
          table,
          growth,
          workDirectory,
          entry,
          settings,
          // Its target is in one of them; the publication as a whole is checked.
          isOneOfSeveral: request.tableCount > 1,
          metadata: parquetMetadata({
            ...{ source: pin, checksum, file: table.originalPath, entry },
            licence: pin.description.licence,
            about: await keptAbout(workDirectory),
            tool: `kaggle-import ${toolVersion}`,
          }),
        };
        const onProgress = (progress: ConvertProgress): void =>
          report(measured(table.name, progress));
        await arrivals.settled(runId, table.originalPath, signal);
        const giveBack = await room.take(needsOf(table, growth, settings.memory_limit), {
          signal,
          onWait: (of) => {
            arrivals.giveWay();
            report(waitingTable(table, of));
          },
        });
        try {
          return await work.convertTable(input, { signal, onProgress });
        } catch (error) {
          // What the version is published without, if this was the last attempt.
          const failed = failureOf(table, error);
          if (failed) await keepTable(workDirectory, 'failed', failed);
          throw error;
        } finally {
          await giveBack();
        }
      },
    ),
  };

  /** Tables of the current version whose objects are there: the others cannot be carried over. */
  async function presentTables(dataset: string, signal: AbortSignal): Promise<PublishedTable[]> {
    return present(await catalog.findPublishedTables(dataset), signal);
  }

  async function present<Table extends StoredObjects>(
    tables: readonly Table[],
    signal: AbortSignal,
  ): Promise<Table[]> {
    const objects = tables.flatMap(({ name, parts, rejectsPart }) =>
      [...parts, ...(rejectsPart ? [rejectsPart] : [])].map((part) => ({ ...part, table: name })),
    );
    const missing = new Set(
      (await missingObjects({ catalog, store }, objects, signal)).map(({ table }) => table),
    );
    return tables.filter(({ name }) => !missing.has(name));
  }

  /** By name, those of the current version that are to grow. */
  async function growingTables(
    { name, tables = {} }: DatasetEntry,
    signal: AbortSignal,
  ): Promise<Map<string, Standing>> {
    const asked = Object.keys(tables).filter((table) => tables[table]!.append !== undefined);
    const version = asked.length > 0 ? await catalog.findPublication(name) : undefined;
    if (!version) return new Map();
    const all = await catalog.describeTables(version.versionId);
    const wanted = all.filter((table) => asked.includes(table.name));
    const there = await present(wanted, signal);
    return new Map(
      wanted.map((before) => [before.name, { version, before, isPresent: there.includes(before) }]),
    );
  }
}

/** The reading counts bytes, whatever comes after it rows. */
function measured(name: string, progress: ConvertProgress): Measured {
  const { phase, percent, bytes, totalBytes, rows } = progress;
  const common = { doing: 'converting', name, phase, percent } as const;
  if (phase !== 'reading') return { ...common, unit: 'rows', done: rows };
  return { ...common, unit: 'bytes', done: bytes, total: totalBytes };
}

/** A workbook or a database counts once, however many tables it has. */
function bytesOf(tables: readonly TableSource[]): number {
  const files = new Map(
    tables.flatMap((table) => (table.members ?? [table]).map((of) => [of.file, of.sourceBytes])),
  );
  return [...files.values()].reduce((sum, bytes) => sum + bytes, 0);
}

function isSource(table: Named<KeptSource>): table is KeptSource {
  return table.file !== undefined;
}
