/** Uploading a converted table, on the host that has it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PARQUET_TYPE } from '../catalog/index.js';
import type { ConvertedTable, ParquetPart, TableDescription } from '../convert/types.js';
import type { BytesWork } from '../pool/index.js';
import type { Resources } from '../resources.js';
import { isUploadedInParts } from '../store/index.js';
import type { StoredObject } from '../store/types.js';
import { activity } from './step.js';
import { keepTable } from './table-files.js';
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

export function storeActivities(
  { catalog, workRoot, requireOwnBucket }: Resources,
  work: Pick<BytesWork, 'store'>,
) {
  return {
    storeTable: activity(
      async (
        { dataset, prefix, table }: StoreRequest,
        { signal, report, workflowId, runId },
      ): Promise<Pick<StoredTable, 'name'>> => {
        const workDirectory = workDirectoryOf(workRoot, dataset, runId);
        const { name, descriptionFile, parts, rejectsPart } = table;
        const kept = table.appended ? await keptParts(join(workDirectory, descriptionFile)) : [];
        const keys = parts.map((_part, index) => partKey(prefix, table, kept.length + index));
        const rejectsKey = `${prefix}/rejects/${name}.parquet`;
        const newRejects = rejectsPart?.key === undefined ? rejectsPart : undefined;
        const total = [...parts, ...(newRejects ? [newRejects] : [])].reduce(
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
          const { sha256, bytes } = part;
          const input = { key, file, sha256, bytes, contentType: PARQUET_TYPE };
          return work.store(input, { signal, onProgress: (sent) => reportSent(sent.bytes) });
        };
        await requireOwnBucket(signal);
        const large = [...parts.map((part, index) => ({ ...part, key: keys[index]! }))]
          .concat(newRejects ? [{ ...newRejects, key: rejectsKey }] : [])
          .filter(({ bytes }) => isUploadedInParts(bytes))
          .map(({ key }) => key);
        await catalog.claimPrefix(prefix, dataset, { workflowId, runId }, large);
        const objects: StoredObject[] = [...kept];
        for (const [index, part] of parts.entries()) {
          reportSent(0);
          objects.push(await put(part, keys[index]!));
          storedBytes += part.bytes;
        }
        const rejectsObject =
          (newRejects && (await put(newRejects, rejectsKey))) ??
          (rejectsPart && keptObject(rejectsPart));
        const stored: StoredTable = {
          ...{ name, descriptionFile, objects },
          ...(rejectsObject && { rejectsObject }),
        };
        await keepTable(workDirectory, 'stored', stored);
        return { name };
      },
    ),
  };
}

/** Of a table that has grown: what an older version has stored is not stored again. */
async function keptParts(descriptionFile: string): Promise<StoredObject[]> {
  await requireWorkFile(descriptionFile);
  const { result } = JSON.parse(await readFile(descriptionFile, 'utf8')) as TableDescription;
  return result.parts.flatMap((part) => (part.key === undefined ? [] : [keptObject(part)]));
}

function keptObject({ key, bytes, sha256 }: ParquetPart): StoredObject {
  return { key: key!, bytes, sha256, transferred: false };
}

/** `<prefix>/<table>.parquet`, or `<prefix>/<table>/part-0001.parquet` and on for a table of several parts. */
function partKey(prefix: string, { name, parts }: ConvertedTable, index: number): string {
  if (parts.length === 1 && index === 0) return `${prefix}/${name}.parquet`;
  return `${prefix}/${name}/part-${String(index + 1).padStart(4, '0')}.parquet`;
}
