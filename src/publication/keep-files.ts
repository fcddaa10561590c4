/** Stores the files of a dataset that are no tables, each as it is, and leaves out what an older version has already. */
import { posix } from 'node:path';
import mime from 'mime';
import type { CachedFile } from '../cache/types.js';
import type { Catalog, KeptFile, RunId } from '../catalog/index.js';
import type { DatasetEntry, Settings } from '../config/datasets.js';
import type { KeptFiles } from '../contract.js';
import { keepMembers, type MemberToKeep } from '../convert/unpack/keep-members.js';
import { readSkipped } from '../convert/unpack/skipped-files.js';
import type { ObjectStore } from '../store/index.js';
import { KeptLog } from './kept-log.js';
import { Lanes } from './lanes.js';
import { missingObjects } from './missing.js';

export interface KeepFilesRequest {
  readonly files: readonly CachedFile[];
  readonly workDirectory: string;
  readonly entry: DatasetEntry;
  readonly limits: Settings['limits'];
  /** The claimed one of this run; objects lie below its `files/`. */
  readonly prefix: string;
  readonly run: RunId;
  /** What is stored already counts for nothing. */
  readonly force: boolean;
}

interface Follow {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: KeptFiles) => void;
}

/** Uploads side by side, and the bytes that they may hold in memory together. */
const LANES = { count: 8, bytes: 64 * 1024 * 1024 };
const UNKNOWN_TYPE = 'application/octet-stream';

/**
 * Each file is noted in `kept.ndjson` of the work directory once its object is there, so a killed attempt goes on
 * behind the last one. Also what is only listed is read to its end: the catalog has its checksum.
 */
export async function keepFiles(
  request: KeepFilesRequest,
  { catalog, store }: { readonly catalog: Catalog; readonly store: ObjectStore },
  { signal, onProgress }: Follow,
): Promise<KeptFiles> {
  const { workDirectory, entry, prefix, run } = request;
  const log = await KeptLog.open(workDirectory, prefix);
  const wanted = await pathsToKeep(workDirectory);
  for (const { path } of log.files) wanted.delete(path);
  const isStored = entry.keep_files === 'all';
  const before =
    isStored && !request.force
      ? await presentFiles(request, { catalog, store }, signal)
      : new Map();
  const lanes = new Lanes(LANES.count, LANES.bytes);

  const keep = async (member: MemberToKeep): Promise<void> => {
    const { path, bytes, sha256, content } = member;
    const mediaType = mime.getType(path) ?? UNKNOWN_TYPE;
    const known = { path, bytes, sha256, mediaType };
    const note = async (file: KeptFile): Promise<void> => {
      await log.add(file);
      onProgress(log.sum);
    };
    if (!isStored) return note(known);
    const old = before.get(sha256) as KeptFile | undefined;
    if (old) return note({ ...known, key: old.key!, ofVersion: old.ofVersion! });
    const key = keyOf(prefix, path, sha256);
    const options = { sha256, contentType: mediaType, signal };
    if ('buffer' in content) {
      return lanes.run(bytes, async () => {
        await store.putBytes(key, content.buffer, options);
        await note({ ...known, key });
      });
    }
    // Its parts are found by its key, should nobody come to join them.
    await catalog.claimPrefix(prefix, entry.name, run, [key]);
    await store.putImmutable(key, content.file, { ...options, bytes });
    return note({ ...known, key });
  };

  try {
    const { files, limits } = request;
    const found = { files, limits, workDirectory, entry, signal };
    await log.failed(await keepMembers({ ...found, wanted, take: keep }));
    await lanes.end();
  } finally {
    // What is under way ends before its run does, whatever has gone wrong.
    await lanes.settled();
    await log.close();
  }
  return log.sum;
}

async function pathsToKeep(workDirectory: string): Promise<Set<string>> {
  const paths = new Set<string>();
  for await (const { keeps, originalPath } of readSkipped(workDirectory)) {
    if (keeps) paths.add(originalPath);
  }
  return paths;
}

/** Of the current version, by checksum. */
async function presentFiles(
  { entry }: KeepFilesRequest,
  place: { readonly catalog: Catalog; readonly store: ObjectStore },
  signal: AbortSignal,
): Promise<Map<string, KeptFile>> {
  const files = await place.catalog.keptFiles(entry.name);
  const wanted = files.map((file) => ({ ...file, key: file.key! }));
  const missing = new Set((await missingObjects(place, wanted, signal)).map(({ key }) => key));
  return new Map(files.filter(({ key }) => !missing.has(key!)).map((file) => [file.sha256, file]));
}

/** S3 takes keys of 1,024 bytes, file systems below a store names of 255. */
const MAX_KEY_BYTES = 900;
const MAX_NAME_BYTES = 240;

/** As it is called in the dataset, where stores take such a name; else by its checksum. */
function keyOf(prefix: string, path: string, sha256: string): string {
  const isFit =
    Buffer.byteLength(`${prefix}/files/${path}`) <= MAX_KEY_BYTES &&
    // Of what stores and their clients change on the way, or refuse.
    !/[\p{C}\\]|(^|\/)(\.{0,2}|[^/]*\.)(\/|$)/u.test(path) &&
    path.split('/').every((name) => Buffer.byteLength(name) <= MAX_NAME_BYTES);
  const extension = posix
    .extname(path)
    .replace(/[^.a-z0-9]/gi, '')
    .slice(0, 16);
  return `${prefix}/files/${isFit ? path : `by-checksum/${sha256}${extension}`}`;
}
