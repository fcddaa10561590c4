/** Converts the cached source of a version again, compares it with what is stored, and puts back what is damaged. */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cache } from '../cache/index.js';
import { entryKey } from '../cache/layout.js';
import { PARQUET_TYPE, type DescribedTable, type DescribedVersion } from '../catalog/index.js';
import { tableDigest } from '../config/digest.js';
import type { DatasetEntry, Settings } from '../config/datasets.js';
import type { ParquetPart, TableSource } from '../convert/types.js';
import { ImportError } from '../errors/index.js';
import type { BytesWork } from '../pool/index.js';
import { compareCells } from '../published/compare-cells.js';
import { fetchParts } from '../published/fetch-parts.js';
import { findVersion, type Problem } from '../published/index.js';
import type { Published } from '../published/open.js';
import { requireOwnBucket } from '../store/index.js';
import type { Verified } from './verify-publication.js';

export interface DeepPlace extends Published {
  readonly cache: Pick<Cache, 'files'>;
  readonly work: Pick<BytesWork, 'unpack' | 'convertTable'>;
  /** As it is now; `undefined` for a dataset that is not configured any more. */
  readonly entry: DatasetEntry | undefined;
  readonly settings: Settings;
}

export interface DeeplyVerified extends Verified {
  /** Tables that were converted again and are, cell by cell, what is stored. */
  readonly compared: readonly string[];
  /** What could not be converted again as it was, and why. */
  readonly skipped: ReadonlyArray<{ readonly table?: string; readonly reason: string }>;
  /** Keys of objects that were damaged and are right again. */
  readonly repaired: readonly string[];
}

/**
 * After `verifyPublication` of the same version. Only what would be converted as it was is compared: under another
 * configuration or revision of the tool, differences would be no damage.
 */
export async function verifyDeep(
  verified: Verified,
  place: DeepPlace,
  signal: AbortSignal,
): Promise<DeeplyVerified> {
  const { catalog, store, cache, work, entry, settings } = place;
  const { dataset, folder } = verified;
  const skippedAll = (reason: string): DeeplyVerified => ({
    ...{ ...verified, compared: [], skipped: [{ reason }], repaired: [] },
  });
  if (!entry) return skippedAll(`${dataset} is not configured any more`);
  const { version, tables } = await findVersion(catalog, { dataset, version: folder });
  const { sourceKind: kind, sourceReference: reference } = version;
  const pin = { kind, reference, version: version.sourceVersion };
  const files = await cache
    .files(entryKey(entry, { ...pin, description: {} }))
    .catch((error: unknown) => {
      if (error instanceof ImportError && error.code === 'CACHE_ENTRY_MISSING') return undefined;
      throw error;
    });
  if (!files) return skippedAll('the cache of this host does not have its source (any more)');
  await requireOwnBucket(store, await catalog.id(), signal);
  const workDirectory = await mkdtemp(join(place.directory, 'deep-'));
  const follow = { signal, onProgress: () => undefined };
  try {
    const { limits } = settings;
    // What was unpacked on the way belongs to the import that comes.
    const own = files.map(({ inflated: _none, ...file }) => file);
    const unpacked = await work.unpack({ files: own, workDirectory, entry, limits }, follow);
    const sources = new Map(unpacked.tables.map((source) => [source.name, source]));
    const versions = await catalog.findVersions(dataset);
    const result = {
      ...{ compared: [] as string[], repaired: [] as string[] },
      skipped: [] as { table: string; reason: string }[],
      problems: [...verified.problems],
    };
    for (const table of tables) {
      signal.throwIfAborted();
      const source = sources.get(table.name);
      const reason = whyNot(table, source, entry, settings);
      if (reason !== undefined) {
        result.skipped.push({ table: table.name, reason });
        continue;
      }
      const made = versions.find(({ prefix }) => table.parts[0]?.key.startsWith(`${prefix}/`));
      const metadata = metadataOf(made ?? version, entry, table);
      const isOneOfSeveral = tables.length > 1;
      const request = { table: source!, workDirectory, entry, settings, isOneOfSeveral, metadata };
      const { parts, rejectsPart } = await work.convertTable(request, follow);
      const again = [...parts, ...(rejectsPart ? [rejectsPart] : [])];
      const stored = [...table.parts, ...(table.rejectsPart ? [table.rejectsPart] : [])];
      for (const { key, sha256 } of stored) {
        const isBroken = result.problems.some((problem) => problem.key === key);
        const part = again.find((one) => one.sha256 === sha256);
        if (!isBroken || !part) continue;
        await putBack(place, key, join(workDirectory, part.file), part, signal);
        result.repaired.push(key);
        result.problems = result.problems.filter((problem) => problem.key !== key);
      }
      const found = await compare(place, dataset, table, parts, workDirectory, signal);
      const isBroken = result.problems.some(({ table: of }) => of === table.name);
      if (found.length === 0 && !isBroken) result.compared.push(table.name);
      // Of objects that are damaged it is known already.
      if (!isBroken) result.problems.push(...found);
    }
    return { ...verified, ...result };
  } finally {
    await rm(workDirectory, { recursive: true, force: true });
  }
}

function whyNot(
  table: DescribedTable,
  source: TableSource | undefined,
  entry: DatasetEntry,
  settings: Settings,
): string | undefined {
  if (!source) return 'the cached source has no such table';
  if (source.sourceSha256 !== table.sourceSha256) {
    return 'the bytes in the cache are not those it was made of; import it again with --force';
  }
  if (tableDigest(entry, settings) === table.tableDigest) return undefined;
  return 'the configuration or the tool has changed since; the next import makes it anew';
}

/** Bytes that are equal need no look at the cells: the stored ones were held against their digest. */
async function compare(
  { connection, store }: DeepPlace,
  dataset: string,
  table: DescribedTable,
  parts: readonly ParquetPart[],
  workDirectory: string,
  signal: AbortSignal,
): Promise<Problem[]> {
  const digests = (some: readonly { sha256: string }[]) => some.map((one) => one.sha256).join();
  if (digests(parts) === digests(table.parts)) return [];
  const stored = await fetchParts(table.parts, { store, directory: workDirectory, signal }).catch(
    (error: unknown) => {
      const isBroken =
        error instanceof ImportError && ['OBJECT_MISSING', 'OBJECT_ALTERED'].includes(error.code);
      if (isBroken) return undefined;
      throw error;
    },
  );
  if (!stored) return [];
  const fresh = parts.map(({ file }) => join(workDirectory, file));
  const differences = await compareCells(connection, fresh, stored);
  return differences.map(({ expected, found }) => ({
    ...{ dataset, table: table.name, key: table.parts[0]!.key, what: 'cells' as const },
    ...{ expected, found },
  }));
}

/** The bytes are those that the catalog names; what lies there in their place is nobody's. */
async function putBack(
  { catalog, store }: DeepPlace,
  key: string,
  file: string,
  { sha256, bytes }: ParquetPart,
  signal: AbortSignal,
): Promise<void> {
  await store.remove([key], signal);
  await store.putImmutable(key, file, { sha256, bytes, contentType: PARQUET_TYPE, signal });
  await catalog.forgetDamage([key]);
}

/** As the import of that version wrote it into the Parquet. */
function metadataOf(
  { sourceKind, sourceReference, sourceVersion, checksum, provenance }: DescribedVersion,
  entry: DatasetEntry,
  { originalPath }: DescribedTable,
): Record<string, string> {
  const text = (name: string) => provenance[name] as string | undefined;
  return {
    source: `${sourceKind}:${sourceReference}`,
    version: sourceVersion,
    checksum,
    dataset: entry.name,
    file: originalPath,
    licence: entry.licence ?? text('licence') ?? 'unknown',
    tool: text('tool') ?? 'unknown',
  };
}
