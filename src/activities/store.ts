/** Uploading a converted table, on the host that has it. */
import { join } from 'node:path';
import { PARQUET_TYPE } from '../catalog/index.js';
import type { ConvertedTable, ParquetPart } from '../convert/types.js';
import type { Resources } from '../resources.js';
import type { StoredObject } from '../store/types.js';
import { activity } from './step.js';
import { requireWorkFile, workDirectoryOf } from './work-directory.js';

export interface StoredTable {
  readonly name: string;
  readonly descriptionFile: string;
  readonly objects: readonly StoredObject[];
  readonly rejectsObject?: StoredObject;
}

export interface StoreRequest {
  readonly dataset: string;
  readonly prefix: string;
  readonly table: ConvertedTable;
}

export function storeActivities({ store, catalog, workRoot }: Resources) {
  return {
    storeTable: activity(
      async (
        { dataset, prefix, table }: StoreRequest,
        { signal, report, runId },
      ): Promise<StoredTable> => {
        const workDirectory = workDirectoryOf(workRoot, dataset, runId);
        const published = await catalog.isPublished(prefix);
        const { name, descriptionFile, rejectsPart } = table;
        const total = [...table.parts, ...(rejectsPart ? [rejectsPart] : [])].reduce(
          (sum, { bytes }) => sum + bytes,
          0,
        );
        let storedBytes = 0;
        const reportSent = (sentBytes: number): void => {
          const done = storedBytes + sentBytes;
          const percent = total === 0 ? 100 : (100 * done) / total;
          report({ doing: 'storing', name, unit: 'bytes', percent, done, total });
        };
        const put = async (part: ParquetPart, key: string): Promise<StoredObject> => {
          const file = join(workDirectory, part.file);
          await requireWorkFile(file);
          // A forced import of unchanged bytes: readers have these objects, and they are never rewritten.
          const before = published ? await store.head(key, signal) : undefined;
          if (before?.sha256 !== undefined) {
            return { key, bytes: before.bytes, sha256: before.sha256, transferred: false };
          }
          return store.putImmutable(key, file, {
            sha256: part.sha256,
            bytes: part.bytes,
            contentType: PARQUET_TYPE,
            // What lies under an unpublished prefix is the leftover of an attempt that nobody ever saw.
            replace: !published,
            signal,
            onProgress: ({ sentBytes }) => reportSent(sentBytes),
          });
        };
        await store.ensureReady(signal);
        const objects: StoredObject[] = [];
        for (const [index, part] of table.parts.entries()) {
          reportSent(0);
          objects.push(await put(part, partKey(prefix, table, index)));
          storedBytes += part.bytes;
        }
        if (!rejectsPart) return { name, descriptionFile, objects };
        const rejectsObject = await put(rejectsPart, `${prefix}/rejects/${name}.parquet`);
        return { name, descriptionFile, objects, rejectsObject };
      },
    ),
  };
}

/** `<prefix>/<table>.parquet`, or `<prefix>/<table>/part-0001.parquet` and on for a table of several parts. */
function partKey(prefix: string, { name, parts }: ConvertedTable, index: number): string {
  if (parts.length === 1) return `${prefix}/${name}.parquet`;
  return `${prefix}/${name}/part-${String(index + 1).padStart(4, '0')}.parquet`;
}
