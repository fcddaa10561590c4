/** Converts the cached source of a version again, compares it with what is stored, and puts back what is damaged. */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cache } from '../cache/index.js';
import { entryKey } from '../cache/layout.js';
import type { CachedFile } from '../cache/types.js';
import type { DescribedTable } from '../catalog/index.js';
import { tableDigest } from '../config/digest.js';
import type { DatasetEntry, Settings } from '../config/datasets.js';
import { isNotAppendable } from '../convert/grow/held-columns.js';
import type { ConvertedTable, ParquetPart, TableSource } from '../convert/types.js';
import { ImportError } from '../errors/index.js';
import type { BytesWork } from '../pool/index.js';
import { compareCells, type Difference } from '../published/compare-cells.js';
import { fetchParts } from '../published/fetch-parts.js';
import { findVersion, type FoundVersion, type Problem } from '../published/index.js';
import type { Published } from '../published/open.js';
import type { SourceDocumentation } from '../source/types.js';
import { requireOwnBucket } from '../store/index.js';
import { asStored, metadataOf } from './as-stored.js';
import { documented } from './documented.js';
import { putBack } from './put-back.js';
import type { Verified } from './verify-publication.js';

export interface DeepPlace extends Published {
  readonly cache: Pick<Cache, 'hold' | 'documentation' | 'release'>;
  readonly work: Pick<BytesWork, 'unpack' | 'convertTable'>;
  /** As it is now; `undefined` for a dataset that is not configured any more. */
  readonly entry: DatasetEntry | undefined;
  readonly settings: Settings;
  /** In whose name the source is kept in the cache meanwhile: a UUID. */
  readonly runId: string;
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
 * After `verifyPublication` of the same version. A version of another configuration or revision of the tool is
 * converted as it would be now: cells that are the same are proven all the same, others are no damage.
 */
export async function verifyDeep(
  verified: Verified,
  place: DeepPlace,
  signal: AbortSignal,
): Promise<DeeplyVerified> {
  const { catalog, store, cache, entry, runId } = place;
  const { dataset, folder } = verified;
  const skippedAll = (reason: string): DeeplyVerified => ({
    ...{ ...verified, compared: [], skipped: [{ reason }], repaired: [] },
  });
  if (!entry) return skippedAll(`${dataset} is not configured any more`);
  const found = await findVersion(catalog, { dataset, version: folder });
  const { sourceKind: kind, sourceReference: reference, sourceVersion } = found.version;
  const key = entryKey(entry, { ...{ kind, reference, description: {} }, version: sourceVersion });
  const hold = () => cache.hold(key, runId, signal).catch(ignoreMissing);
  try {
    const files = await hold();
    if (!files) return skippedAll('the cache of this host does not have its source (any more)');
    await requireOwnBucket(store, await catalog.id(), signal);
    try {
      const source = { files, documentation: await cache.documentation(key) };
      return await convertAgain(verified, found, source, { ...place, entry }, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (await hold()) throw error;
      return skippedAll('its source has left the cache of this host meanwhile');
    }
  } finally {
    await cache.release(runId);
  }
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof ImportError && error.code === 'CACHE_ENTRY_MISSING') return undefined;
  throw error;
}

type ConfiguredPlace = DeepPlace & { readonly entry: DatasetEntry };

interface CachedSource {
  readonly files: readonly CachedFile[];
  readonly documentation: SourceDocumentation | undefined;
}

/** What has been found of the tables so far. */
interface Findings {
  readonly compared: string[];
  readonly skipped: { readonly table: string; readonly reason: string }[];
  readonly repaired: string[];
  problems: Problem[];
}

async function convertAgain(
  verified: Verified,
  { dataset, version, tables }: FoundVersion,
  { files, documentation }: CachedSource,
  place: ConfiguredPlace,
  signal: AbortSignal,
): Promise<DeeplyVerified> {
  const { catalog, work, entry, settings } = place;
  const workDirectory = await mkdtemp(join(place.directory, 'deep-'));
  const follow = { signal, onProgress: () => undefined };
  try {
    const { limits } = settings;
    // What was unpacked on the way belongs to the import that comes.
    const own = files.map(({ inflated: _none, ...file }) => file);
    const unpacked = await work.unpack({ files: own, workDirectory, entry, limits }, follow);
    const known = documented(unpacked.tables, documentation);
    const sources = new Map(known.map((source) => [source.name, source]));
    const versions = await catalog.findVersions(dataset);
    const findings: Findings = {
      ...{ compared: [], repaired: [], skipped: [] },
      problems: [...verified.problems],
    };
    for (const table of tables) {
      signal.throwIfAborted();
      const source = sources.get(table.name);
      const made = versions.find(({ prefix }) => table.parts[0]?.key.startsWith(`${prefix}/`));
      const reason =
        whyNot(table, source) ??
        (await lookAgain({ dataset, table, workDirectory, place, findings, signal }, () => {
          const metadata = metadataOf(made ?? version, entry, table);
          const isOneOfSeveral = tables.length > 1;
          const request = { ...asStored(source!, table), workDirectory, entry, settings };
          return work.convertTable({ ...request, isOneOfSeveral, metadata }, follow);
        }));
      if (reason !== undefined) findings.skipped.push({ table: table.name, reason });
    }
    return { ...verified, ...findings };
  } finally {
    await rm(workDirectory, { recursive: true, force: true });
  }
}

interface Look {
  readonly dataset: string;
  readonly table: DescribedTable;
  readonly workDirectory: string;
  readonly place: ConfiguredPlace;
  readonly findings: Findings;
  readonly signal: AbortSignal;
}

/** At one table. Gives why nothing can be said of it. */
async function lookAgain(
  { dataset, table, workDirectory, place, findings, signal }: Look,
  convert: () => Promise<ConvertedTable>,
): Promise<string | undefined> {
  const isAsMade = tableDigest(place.entry, place.settings) === table.tableDigest;
  const converted = await convert().catch((error: unknown) => {
    if (error instanceof ImportError && !error.retryable) return error;
    if (isNotAppendable(error)) return error;
    throw error;
  });
  if (converted instanceof ImportError) return `its conversion fails now: ${converted.code}`;
  if (converted instanceof Error) return converted.message;
  const { parts, rejectsPart } = converted;
  const again = [...parts, ...(rejectsPart ? [rejectsPart] : [])];
  for (const { key, sha256 } of [
    ...table.parts,
    ...(table.rejectsPart ? [table.rejectsPart] : []),
  ]) {
    const part = again.find((one) => one.sha256 === sha256);
    if (!part || !findings.problems.some((one) => one.key === key && isOfBytes(one))) continue;
    if (!(await putBack(place, key, join(workDirectory, part.file), part, signal))) continue;
    findings.repaired.push(key);
    findings.problems = findings.problems.filter((one) => one.key !== key || !isOfBytes(one));
  }
  // Of what is damaged, and of what the catalog has wrong, it is known already.
  if (findings.problems.some(({ table: of }) => of === table.name)) return undefined;
  const [first] = await compare(place, table, parts, workDirectory, signal);
  if (!first) {
    findings.compared.push(table.name);
    return undefined;
  }
  const { column, expected, found } = first;
  if (!isAsMade) {
    const where =
      column === undefined ? 'it has other columns or rows' : `column ${column} differs`;
    return `converted as it would be now, ${where}; the configuration or the tool has changed since, and the next import makes it anew`;
  }
  const key = table.parts[0]!.key;
  findings.problems.push({ dataset, table: table.name, key, what: 'cells', expected, found });
  return undefined;
}

/** What the same bytes put right; the others are what the catalog says of them. */
function isOfBytes({ what }: Problem): boolean {
  return what === 'missing' || what === 'altered';
}

function whyNot(table: DescribedTable, source: TableSource | undefined): string | undefined {
  if (!source) return 'the cached source has no such table';
  if (source.sourceSha256 === table.sourceSha256) return undefined;
  return 'the bytes in the cache are not those it was made of; import it again with --force';
}

/** Bytes that are equal need no look at the cells: the stored ones were held against their digest. */
async function compare(
  { connection, store }: DeepPlace,
  table: DescribedTable,
  parts: readonly ParquetPart[],
  workDirectory: string,
  signal: AbortSignal,
): Promise<Difference[]> {
  const digests = (some: readonly { sha256: string }[]) => some.map((one) => one.sha256).join();
  if (digests(parts) === digests(table.parts)) return [];
  const stored = await fetchParts(table.parts, { store, directory: workDirectory, signal });
  const fresh = parts.map(({ file }) => join(workDirectory, file));
  return compareCells(connection, fresh, stored);
}
