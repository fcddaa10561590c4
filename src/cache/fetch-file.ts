/** One file of a dataset to its place in the entry: found done, taken over from another version, or transferred. */
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ImportError } from '../errors/index.js';
import type { Sources } from '../source/index.js';
import type { SourceFile } from '../source/source.js';
import type { PinnedSource } from '../source/types.js';
import { digestsOf } from './digests-of.js';
import type { DiskRoom } from './disk-room.js';
import { onDisk } from './failures.js';
import { InflateAhead, type ArrivingFile, type InflateRules } from './inflate-ahead.js';
import { numberedName, type EntryPaths } from './layout.js';
import type { MarkedFile } from './marker.js';
import { PartialFile, type Digests } from './partial.js';
import { transfer } from './transfer.js';
import type { TransferLimits } from './watch.js';

/** A zip of what the source says the files weigh is at most so much larger. */
const OVERHEAD = { factor: 1.05, bytes: 16 * 1024 ** 2 };

export interface KnownFile extends MarkedFile {
  readonly absolutePath: string;
}

/** What is the same for every file of a dataset. */
export interface FetchRequest {
  readonly sources: Sources;
  readonly pin: PinnedSource;
  readonly maxBytes: number;
  readonly limits: TransferLimits;
  readonly signal: AbortSignal;
  readonly room: DiskRoom;
  readonly inflate?: InflateRules | undefined;
  /** No other file is fetched. */
  readonly isAlone: boolean;
  readonly onArriving: (arriving: ArrivingFile) => void;
  /** Files of other versions on this host. */
  readonly known: readonly KnownFile[];
  /** Told of bytes that cross the network. */
  readonly onTraffic: (bytes: number) => void;
}

/**
 * @param bytes - of the file, on disk by now
 * @param totalBytes - as the server has announced them with the file; a list may say what an archive unpacks to
 */
export type ReportBytes = (file: string, bytes: number, totalBytes?: number) => void;

export async function fetchFile(
  request: FetchRequest,
  paths: EntryPaths,
  file: SourceFile,
  report: ReportBytes,
): Promise<{ marked: MarkedFile; transferredBytes: number; reusedBytes: number }> {
  const { sources, pin, signal, limits, maxBytes } = request;
  const target = safeJoin(paths.files, file.path);
  const name = numberedName(file.path);
  const doneNote = join(paths.partial, `${name}.done.json`);
  const before = await readDone(doneNote, target);
  if (before) {
    report(file.path, before.bytes);
    return { marked: before, transferredBytes: 0, reusedBytes: 0 };
  }

  const partialPath = join(paths.partial, `${name}.partial`);
  const { inflate: rules, room, isAlone, onArriving } = request;
  let announcedBytes: number | undefined;
  const ahead =
    rules &&
    new InflateAhead(join(paths.inflated, name), {
      ...{ archive: file.path, file: partialPath, rules, roomLeft: room.left, isAlone, onArriving },
      totalBytes: () => announcedBytes ?? file.bytes,
    });
  const partial = new PartialFile(partialPath, signal, ahead);
  let reusedBytes: Digests | undefined;
  const { transferredBytes, copiedBytes, reused } = await transfer({
    file,
    partial,
    basis: olderVersion(request.known, file),
    limits,
    maxBytes,
    expectedBytes: Math.min(maxBytes, expectedAtMost(file, pin)),
    signal,
    open: async (resume) => {
      const opened = await sources.open(pin, file, { resume, signal });
      announcedBytes = opened.totalBytes;
      return opened;
    },
    onBytes: (bytes) => {
      request.onTraffic(bytes);
      report(file.path, partial.bytes, announcedBytes);
    },
    reserve: (totalBytes) => request.room.reserve(partial.path, totalBytes),
    reuse: async (md5) => {
      const same = request.known.find((known) => known.md5 === md5);
      reusedBytes = same && (await linkIfStill(same, target, signal));
      return reusedBytes !== undefined;
    },
  }).catch(async (error: unknown) => {
    // The next attempt unpacks again what the partial file has; until then the room is for others.
    await ahead?.discard();
    throw error;
  });
  const digests = reusedBytes ?? partial.digests();
  const { bytes, sha256, md5 } = digests;
  let mtimeMs: number;
  if (!reusedBytes) {
    await ahead?.finish();
    ({ mtimeMs } = await partial.facts());
  } else {
    await ahead?.discard();
    await partial.discard();
    mtimeMs = Math.floor((await stat(target)).mtimeMs);
  }
  const marked: MarkedFile = { path: file.path, bytes, mtimeMs, sha256, md5 };
  // Before the file has its place: a process that dies in between leaves the partial to be found.
  await onDisk(doneNote, () => writeFile(doneNote, JSON.stringify(marked)));
  if (!reusedBytes) await partial.keepAs(target);
  return { marked, transferredBytes, reusedBytes: reused ? bytes : copiedBytes };
}

/** A server that announces no size may still not send for ever. */
function expectedAtMost(file: SourceFile, pin: PinnedSource): number {
  const bytes = file.bytes ?? (file.archive ? pin.totalBytes : undefined);
  return bytes === undefined ? Infinity : Math.ceil(bytes * OVERHEAD.factor) + OVERHEAD.bytes;
}

/** The newest archive on this host that the wanted one may have parts in common with. */
function olderVersion(known: readonly KnownFile[], { path }: SourceFile): string | undefined {
  const versions = known.filter((one) => one.path === path && /\.zip$/i.test(path));
  return versions.sort((a, b) => b.mtimeMs - a.mtimeMs)[0]?.absolutePath;
}

/** Read through once more: what is put under another version must be what the source announced for that one. */
async function linkIfStill(
  known: KnownFile,
  target: string,
  signal: AbortSignal,
): Promise<Digests | undefined> {
  await onDisk(target, async () => {
    await mkdir(dirname(target), { recursive: true });
    await rm(target, { force: true });
  });
  try {
    await link(known.absolutePath, target);
    const digests = await digestsOf(target, signal);
    if (digests.md5 === known.md5) return digests;
  } catch {
    signal.throwIfAborted();
    // Swept in this moment, or unreadable: it is fetched.
  }
  await rm(target, { force: true });
  return undefined;
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
