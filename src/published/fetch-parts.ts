/** Brings Parquet of a published table to a local folder, and believes it only under its checksum. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { PublishedPart } from '../catalog/index.js';
import { quoteText } from '../convert/relation.js';
import { ImportError } from '../errors/index.js';
import type { ObjectStore } from '../store/index.js';

export interface FetchRequest {
  readonly store: Pick<ObjectStore, 'read' | 'url'>;
  /** Absolute; the caller removes it. */
  readonly directory: string;
  readonly signal: AbortSignal;
  /** Bytes that have arrived since the last call. */
  readonly onBytes?: (bytes: number) => void;
}

/** The absolute path of the part. Throws OBJECT_MISSING, OBJECT_ALTERED. */
export async function fetchPart(part: PublishedPart, request: FetchRequest): Promise<string> {
  const { store, directory } = request;
  const file = join(directory, `${part.sha256}.parquet`);
  const { sha256: found } = await fetchObject(part.key, file, request);
  if (found === part.sha256) return file;
  throw new ImportError('OBJECT_ALTERED', {
    place: store.url(part.key),
    expected: `sha256 ${part.sha256}`,
    found: `sha256 ${found}`,
  });
}

/** Any object, whatever its bytes are; says what they are. `file` is absolute. Throws OBJECT_MISSING. */
export async function fetchObject(
  key: string,
  file: string,
  { store, signal, onBytes }: Omit<FetchRequest, 'directory'>,
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      onBytes?.(chunk.length);
      done(null, chunk);
    },
  });
  const arriving = await store.read(key, undefined, signal);
  await pipeline(arriving, hashing, createWriteStream(file), { signal });
  return { sha256: hash.digest('hex'), bytes };
}

/** Absolute paths of the parts, in their order. */
export async function fetchParts(
  parts: readonly PublishedPart[],
  request: FetchRequest,
): Promise<string[]> {
  const files: string[] = [];
  for (const part of parts) files.push(await fetchPart(part, request));
  return files;
}

/** Below it a whole part costs no more than the requests for its pieces. */
const WHOLE_BYTES = 16 << 20;
/** Holds the footer of nearly every file. */
const FOOTER_BYTES = 1 << 20;
/** Four bytes of length and `PAR1` (https://parquet.apache.org/docs/file-format/). */
const TAIL_BYTES = 8;

/**
 * The first rows of a part: a file of the same size that holds its footer and only as many row groups as `rows`
 * need, all else being holes. A small part is fetched whole.
 */
export async function fetchHead(
  connection: DuckDBConnection,
  part: PublishedPart,
  rows: number,
  request: FetchRequest,
): Promise<string> {
  if (part.bytes <= WHOLE_BYTES) return fetchPart(part, request);
  const file = join(request.directory, `${part.sha256}.head.parquet`);
  const handle = await open(file, 'w+');
  try {
    await handle.truncate(part.bytes);
    const bring = async (offset: number, bytes: number): Promise<Buffer> => {
      const piece = await readAll(part.key, { offset, bytes }, request);
      await handle.write(piece, 0, piece.length, offset);
      return piece;
    };
    const end = await bring(part.bytes - FOOTER_BYTES, FOOTER_BYTES);
    const footerBytes = end.readUInt32LE(end.length - TAIL_BYTES) + TAIL_BYTES;
    if (footerBytes > FOOTER_BYTES) await bring(part.bytes - footerBytes, footerBytes);
    await bring(0, 4);
    for (const { start, bytes } of await rowGroups(connection, file, rows)) {
      await bring(start, bytes);
    }
  } finally {
    await handle.close();
  }
  return file;
}

/** Where the row groups of the first rows lie, by the footer. */
async function rowGroups(
  connection: DuckDBConnection,
  file: string,
  rows: number,
): Promise<{ start: number; bytes: number }[]> {
  const reader = await connection.runAndReadAll(`
    SELECT
      min(coalesce(nullif(dictionary_page_offset, 0), data_page_offset))::DOUBLE AS start,
      max(coalesce(nullif(dictionary_page_offset, 0), data_page_offset) + total_compressed_size)::DOUBLE AS stop,
      any_value(row_group_num_rows)::DOUBLE AS rows
    FROM parquet_metadata(${quoteText(file)})
    GROUP BY row_group_id
    ORDER BY row_group_id`);
  const groups: { start: number; bytes: number }[] = [];
  let found = 0;
  for (const [start, stop, count] of reader.getRows() as [number, number, number][]) {
    if (found >= rows) break;
    groups.push({ start, bytes: stop - start });
    found += count;
  }
  return groups;
}

async function readAll(
  key: string,
  range: { offset: number; bytes: number },
  { store, signal, onBytes }: FetchRequest,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await store.read(key, range, signal)) {
    chunks.push(chunk as Buffer);
    onBytes?.((chunk as Buffer).length);
  }
  return Buffer.concat(chunks);
}
