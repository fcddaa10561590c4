/** Converts a table that has grown: fetches what is kept of it, reads the new files alone, or all of them after all. */
import { mkdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { ConvertRequest } from '../convert/convert-table.js';
import { isNotAppendable } from '../convert/grow/held-columns.js';
import type { KeptGrowth } from '../convert/grow/whole-table.js';
import type { ConvertedTable, Growth } from '../convert/types.js';
import { ImportError } from '../errors/index.js';
import { fetchPart, fetchParts } from '../published/fetch-parts.js';
import type { ObjectStore } from '../store/index.js';
import { withReason } from './growth.js';

export interface GrowingRequest extends Omit<ConvertRequest, 'growth'> {
  readonly growth: Growth;
}

/** Codes that say that an object which is to be kept is not what it was. */
const LOST = new Set(['OBJECT_MISSING', 'OBJECT_ALTERED']);

/** Throws what `convertTable` throws. */
export async function convertGrowing(
  { growth, ...request }: GrowingRequest,
  store: Pick<ObjectStore, 'read' | 'url'>,
  convertTable: (request: ConvertRequest) => Promise<ConvertedTable>,
): Promise<ConvertedTable> {
  const { table, workDirectory } = request;
  const directory = join(workDirectory, 'kept', table.name);
  try {
    const kept = await fetchKept(growth, { ...request, directory }, store);
    return await convertTable({ ...request, growth: kept });
  } catch (error) {
    request.signal.throwIfAborted();
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    return await convertTable({ ...request, table: withReason(table, reason) });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Each against its checksum: a row that is described has been read. */
async function fetchKept(
  growth: Growth,
  {
    directory,
    workDirectory,
    signal,
  }: Pick<ConvertRequest, 'workDirectory' | 'signal'> & {
    readonly directory: string;
  },
  store: Pick<ObjectStore, 'read' | 'url'>,
): Promise<KeptGrowth> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const place = { store, directory, signal };
  const { parts, rejectsPart } = growth.before;
  const files = await fetchParts(parts, place);
  const rejects = rejectsPart && (await fetchPart(rejectsPart, place));
  return {
    ...growth,
    files: files.map((file) => relative(workDirectory, file)),
    ...(rejects !== undefined && { rejectsFile: relative(workDirectory, rejects) }),
  };
}

function reasonOf(error: unknown): string | undefined {
  if (isNotAppendable(error)) return error.message;
  if (!(error instanceof ImportError) || !LOST.has(error.code)) return undefined;
  return 'objects of it are gone from the store, or damaged';
}
