/** One file of a dataset to its place in the entry: found done, taken over from another version, or transferred. */
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ImportError } from '../errors/index.js';
import type { Sources } from '../source/index.js';
import type { SourceFile } from '../source/source.js';
import type { PinnedSource } from '../source/types.js';
import { onDisk } from './failures.js';
import { InflateAhead, type InflateRules } from './inflate-ahead.js';
import { numberedName, type EntryPaths } from './layout.js';
import type { MarkedFile } from './marker.js';
import { PartialFile } from './partial.js';
import { transfer } from './transfer.js';
import { RESERVED_BYTES } from './transfer-checks.js';
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
  readonly inflate?: InflateRules | undefined;
  /** Files of other versions on this host. */
  readonly known: readonly KnownFile[];
}

/** @param bytes - of the file, on disk by now */
export type ReportBytes = (file: string, bytes: number) => void;

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

  const ahead = inflateAhead(request, join(paths.inflated, name), file);
  const partial = new PartialFile(join(paths.partial, `${name}.partial`), signal, ahead);
  let reusedFrom: KnownFile | undefined;
  const { transferredBytes, copiedBytes, reused } = await transfer({
    file,
    partial,
    basis: olderVersion(request.known, file),
    limits,
    maxBytes,
    expectedBytes: Math.min(maxBytes, expectedAtMost(file, pin)),
    signal,
    open: (resume) => sources.open(pin, file, { resume, signal }),
    onBytes: () => report(file.path, partial.bytes),
    reuse: async (md5) => {
      const same = request.known.find((known) => known.md5 === md5);
      if (!same || !(await linkUnchanged(same, target))) return false;
      reusedFrom = same;
      return true;
    },
  }).catch(async (error: unknown) => {
    // The next attempt unpacks again what the partial file has; until then the room is for others.
    await ahead?.discard();
    throw error;
  });
  const digests = reusedFrom ?? partial.digests();
  if (!reusedFrom) await ahead?.finish();
  else {
    await ahead?.discard();
    await partial.discard();
  }
  const { size, mtimeMs } = await stat(reusedFrom ? target : partial.path);
  const marked: MarkedFile = {
    path: file.path,
    bytes: size,
    mtimeMs: Math.floor(mtimeMs),
    sha256: digests.sha256,
    md5: digests.md5,
  };
  // Before the file has its place: a process that dies in between leaves the partial to be found.
  await onDisk(doneNote, () => writeFile(doneNote, JSON.stringify(marked)));
  if (!reusedFrom) await partial.keepAs(target);
  return { marked, transferredBytes, reusedBytes: reused ? size : copiedBytes };
}

function inflateAhead(
  { inflate, pin }: FetchRequest,
  directory: string,
  file: SourceFile,
): InflateAhead | undefined {
  if (!inflate) return undefined;
  const keepFreeBytes = (file.bytes ?? pin.totalBytes ?? 0) + RESERVED_BYTES;
  return new InflateAhead(directory, { archive: file.path, rules: inflate, keepFreeBytes });
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
