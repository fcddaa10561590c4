/** From a pinned source to a complete cache entry: a verified hit, or the transfers that are still missing. */
import { createHash } from 'node:crypto';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DatasetEntry } from '../config/datasets.js';
import { ImportError } from '../errors/index.js';
import type { Sources } from '../source/index.js';
import type { SourceFile } from '../source/source.js';
import type { PinnedSource } from '../source/types.js';
import { onDisk } from './failures.js';
import { entryKey, entryPaths, type EntryPaths } from './layout.js';
import { checksumOf, writeMarker, type MarkedFile, type Marker } from './marker.js';
import { PartialFile } from './partial.js';
import { transfer } from './transfer.js';
import type { TransferLimits } from './watch.js';

/** A zip of what the source says the files weigh is at most so much larger. */
const OVERHEAD = { factor: 1.05, bytes: 16 * 1024 ** 2 };

export interface DownloadProgress {
  /** Of this entry on disk so far. */
  readonly bytes: number;
  readonly totalBytes?: number;
  readonly file?: string;
}

export interface DownloadRequest {
  readonly directory: string;
  readonly sources: Sources;
  readonly entry: DatasetEntry;
  readonly pin: PinnedSource;
  readonly maxBytes: number;
  readonly parallelDownloads: number;
  readonly limits: TransferLimits;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DownloadProgress) => void;
  /** Files of other versions on this host. */
  readonly known: readonly KnownFile[];
}

export interface KnownFile extends MarkedFile {
  readonly absolutePath: string;
}

export interface Downloaded {
  readonly marker: Marker;
  /** That crossed the network in this call. */
  readonly transferredBytes: number;
  /** That were here already, as files of another version. */
  readonly reusedBytes: number;
}

/** Transfers what is missing and writes the marker. */
export async function download(request: DownloadRequest): Promise<Downloaded> {
  const { directory, sources, entry, pin, signal } = request;
  const paths = entryPaths(directory, entryKey(entry, pin));
  const files = await sources.listFiles(entry, pin, { signal });
  requireRoom(files, request);
  await onDisk(directory, () => mkdir(paths.partial, { recursive: true }));

  const progress = createProgress(files, pin, request.onProgress);
  let [transferredBytes, reusedBytes] = [0, 0];
  const fetched = await mapLimited(files, request.parallelDownloads, async (file) => {
    const one = await fetchFile(request, paths, file, progress);
    transferredBytes += one.transferredBytes;
    if (one.reused) reusedBytes += one.marked.bytes;
    return one.marked;
  });
  const { kind, reference, version } = pin;
  const marker: Marker = {
    kind,
    reference,
    version,
    files: fetched,
    checksum: checksumOf(fetched),
    checkedAt: new Date().toISOString(),
  };
  await onDisk(paths.directory, () => writeMarker(paths, marker));
  await rm(paths.partial, { recursive: true, force: true });
  return { marker, transferredBytes, reusedBytes };
}

/** Many files, each small enough, can still be too much together. */
function requireRoom(
  files: readonly SourceFile[],
  { maxBytes, pin }: Pick<DownloadRequest, 'maxBytes' | 'pin'>,
): void {
  const bytes = files.reduce((sum, file) => sum + (file.bytes ?? 0), 0);
  if (bytes <= maxBytes) return;
  throw new ImportError('DOWNLOAD_TOO_LARGE', {
    place: pin.reference,
    expected: `at most ${maxBytes} bytes`,
    found: `${files.length} files of ${bytes} bytes`,
  });
}

type CountBytes = (file: string, bytes: number) => void;

function createProgress(
  files: readonly SourceFile[],
  pin: PinnedSource,
  report: DownloadRequest['onProgress'],
): CountBytes {
  const listed = files.reduce((sum, { bytes = Number.NaN }) => sum + bytes, 0);
  const totalBytes = Number.isNaN(listed) ? pin.totalBytes : listed;
  let done = 0;
  return (file, bytes) => {
    done += bytes;
    report({ bytes: done, file, ...(totalBytes !== undefined && { totalBytes }) });
  };
}

async function fetchFile(
  request: DownloadRequest,
  paths: EntryPaths,
  file: SourceFile,
  count: CountBytes,
): Promise<{ marked: MarkedFile; transferredBytes: number; reused: boolean }> {
  const { sources, pin, signal, limits, maxBytes } = request;
  const target = safeJoin(paths.files, file.path);
  const name = createHash('sha256').update(file.path).digest('hex').slice(0, 20);
  const doneNote = join(paths.partial, `${name}.done.json`);
  const before = await readDone(doneNote, target);
  if (before) {
    count(file.path, before.bytes);
    return { marked: before, transferredBytes: 0, reused: false };
  }

  const partial = new PartialFile(join(paths.partial, `${name}.partial`));
  let reusedFrom: KnownFile | undefined;
  const { transferredBytes, reused } = await transfer({
    file,
    partial,
    limits,
    maxBytes,
    expectedBytes: Math.min(maxBytes, expectedAtMost(file, pin)),
    signal,
    open: (resume) => sources.open(pin, file, { resume, signal }),
    onBytes: (bytes) => count(file.path, bytes),
    reuse: async (md5) => {
      const same = request.known.find((known) => known.md5 === md5);
      if (!same || !(await linkUnchanged(same, target))) return false;
      reusedFrom = same;
      return true;
    },
  });
  const digests = reusedFrom ?? partial.digests();
  if (!reusedFrom) await partial.keepAs(target);
  else await partial.discard();
  const { size, mtimeMs } = await stat(target);
  const marked: MarkedFile = {
    path: file.path,
    bytes: size,
    mtimeMs: Math.floor(mtimeMs),
    sha256: digests.sha256,
    md5: digests.md5,
  };
  await onDisk(doneNote, () => writeFile(doneNote, JSON.stringify(marked)));
  return { marked, transferredBytes, reused };
}

/** A server that announces no size may still not send for ever. */
function expectedAtMost(file: SourceFile, pin: PinnedSource): number {
  const bytes = file.bytes ?? (file.archive ? pin.totalBytes : undefined);
  return bytes === undefined ? Infinity : Math.ceil(bytes * OVERHEAD.factor) + OVERHEAD.bytes;
}

async function linkUnchanged(known: KnownFile, target: string): Promise<boolean> {
  const found = await stat(known.absolutePath).catch(() => undefined);
  if (found?.size !== known.bytes || Math.floor(found.mtimeMs) !== known.mtimeMs) return false;
  return onDisk(target, async () => {
    await mkdir(dirname(target), { recursive: true });
    await rm(target, { force: true });
    return link(known.absolutePath, target).then(
      () => true,
      () => false,
    );
  });
}

/** What a killed process had finished already. */
async function readDone(note: string, target: string): Promise<MarkedFile | undefined> {
  try {
    const marked = JSON.parse(await readFile(note, 'utf8')) as MarkedFile;
    const { size, mtimeMs } = await stat(target);
    return size === marked.bytes && Math.floor(mtimeMs) === marked.mtimeMs ? marked : undefined;
  } catch {
    return undefined;
  }
}

/** Paths come from the source: none may lead out of the entry's folder. */
function safeJoin(root: string, path: string): string {
  const parts = path.split('/');
  const bad = parts.some((part) => part === '' || part === '.' || part === '..');
  if (!bad && !/[\\\0]/.test(path)) return join(root, ...parts);
  throw new ImportError('SOURCE_ANSWER_INVALID', {
    expected: 'a file name within the dataset',
    found: JSON.stringify(path),
  });
}

/** In order; the first failure stops the start of further ones and is thrown when all have ended. */
async function mapLimited<In, Out>(
  items: readonly In[],
  limit: number,
  work: (item: In) => Promise<Out>,
): Promise<Out[]> {
  const results: Out[] = [];
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (next < items.length && !failed) {
      const index = next;
      next += 1;
      try {
        results[index] = await work(items[index]!);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const workers = Array.from({ length: Math.min(limit, items.length) }, worker);
  const outcomes = await Promise.allSettled(workers);
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
  return results;
}
