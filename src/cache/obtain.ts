/** From a pinned source to a complete cache entry: a verified hit, or the transfers that are still missing. */
import { EventEmitter, setMaxListeners } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import type { DatasetEntry } from '../config/datasets.js';
import { ImportError } from '../errors/index.js';
import type { SourceFile } from '../source/source.js';
import type { PinnedSource } from '../source/types.js';
import { fetchDocumentation } from './documentation.js';
import { onDisk } from './failures.js';
import { fetchFile, type FetchRequest, type ReportBytes } from './fetch-file.js';
import type { ArrivingFile } from './inflate-ahead.js';
import { entryKey, entryPaths } from './layout.js';
import { mapLimited } from './map-limited.js';
import { checksumOf, writeMarker, type Marker } from './marker.js';

export interface DownloadProgress {
  /** Of this entry on disk so far. */
  readonly bytes: number;
  readonly totalBytes?: number;
  readonly file?: string;
  /** The last one that was found to be large. */
  readonly arriving?: ArrivingFile;
}

export interface DownloadRequest extends Omit<FetchRequest, 'isAlone' | 'onArriving'> {
  readonly directory: string;
  readonly entry: DatasetEntry;
  readonly parallelDownloads: number;
  readonly onProgress: (progress: DownloadProgress) => void;
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

  let arriving: ArrivingFile | undefined;
  let last: DownloadProgress = { bytes: 0 };
  const tell = (): void => request.onProgress({ ...last, ...(arriving && { arriving }) });
  const progress = createProgress(files, pin, (one) => {
    last = one;
    tell();
  });
  const fetching: FetchRequest = {
    ...request,
    isAlone: files.length === 1,
    onArriving: (one) => {
      arriving = one;
      tell();
    },
  };
  let [transferredBytes, reusedBytes] = [0, 0];
  // Each transfer under way listens to the signal: only more than those are a leak to warn of.
  setMaxListeners(EventEmitter.defaultMaxListeners + request.parallelDownloads, signal);
  const fetched = await mapLimited(files, request.parallelDownloads, async (file) => {
    const one = await fetchFile(fetching, paths, file, progress);
    transferredBytes += one.transferredBytes;
    reusedBytes += one.reusedBytes;
    return one.marked;
  }).catch(async (error: unknown) => {
    // Other bytes than the list has announced: of a source that has changed since, which this says.
    const isOther = error instanceof ImportError && error.code === 'CHECKSUM_MISMATCH';
    if (isOther) await sources.listFiles(entry, pin, { signal });
    throw error;
  });
  await sources.confirm(entry, pin, files, { signal });
  await onDisk(paths.directory, () => fetchDocumentation(sources, pin, paths, signal));
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

function createProgress(
  files: readonly SourceFile[],
  pin: PinnedSource,
  report: DownloadRequest['onProgress'],
): ReportBytes {
  const listed = new Map(files.map(({ path, bytes }) => [path, bytes]));
  const sum = (): number | undefined => {
    const known = [...listed.values()].filter((bytes) => bytes !== undefined);
    return known.length < files.length ? pin.totalBytes : known.reduce((all, one) => all + one, 0);
  };
  let totalBytes = sum();
  const sizes = new Map<string, number>();
  let done = 0;
  return (file, bytes, announcedBytes) => {
    if (announcedBytes !== undefined && listed.get(file) !== announcedBytes) {
      listed.set(file, announcedBytes);
      totalBytes = sum();
    }
    done += bytes - (sizes.get(file) ?? 0);
    sizes.set(file, bytes);
    report({ bytes: done, file, ...(totalBytes !== undefined && { totalBytes }) });
  };
}
