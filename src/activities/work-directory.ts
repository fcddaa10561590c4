/** The folder of one import on one host: unpacked, converted and described files, gone at its end. */
import { access, mkdir, readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImportError } from '../errors/index.js';

/** Longer than any step takes (workflows/activity-options.ts), so that what works keeps its files. */
const FORGOTTEN_AFTER_MS = 86_400_000;

const UNWRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST']);

/** `<WORK_DIR>/<dataset>/<runId>`: a retried activity finds the files of the attempt before. */
export function workDirectoryOf(root: string, dataset: string, runId: string): string {
  return join(root, dataset, runId);
}

/** @throws WORK_UNWRITABLE */
export async function createWorkDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    if (!UNWRITABLE.has(cause.code ?? '')) throw cause;
    throw new ImportError('WORK_UNWRITABLE', { place: directory, found: cause.code!, cause });
  });
}

/**
 * Removes the folders of runs that have ended: terminated ones, and those whose host was away at their end.
 * Gives how many. `findRuns` says of run ids what Temporal knows of them. What it does not know is another
 * namespace's, whose workers share this disk, or so old that it is forgotten: removed once nobody touches it.
 */
export async function removeEndedWork(
  root: string,
  findRuns: (runIds: readonly string[]) => Promise<ReadonlyMap<string, 'running' | 'ended'>>,
): Promise<number> {
  const folders: { dataset: string; runId: string }[] = [];
  for (const dataset of await entriesOf(root)) {
    for (const runId of await entriesOf(join(root, dataset))) folders.push({ dataset, runId });
  }
  if (folders.length === 0) return 0;
  const runs = await findRuns(folders.map(({ runId }) => runId));
  let removed = 0;
  for (const { dataset, runId } of folders) {
    const directory = workDirectoryOf(root, dataset, runId);
    const state = runs.get(runId);
    if (state === 'running') continue;
    if (state === undefined && (await untouchedMs(directory)) < FORGOTTEN_AFTER_MS) continue;
    await rm(directory, { recursive: true, force: true });
    // Stays while another run of the dataset has its folder beside it.
    await rmdir(join(root, dataset)).catch(() => undefined);
    removed += 1;
  }
  return removed;
}

/** Since the newest change of anything in it. */
async function untouchedMs(directory: string): Promise<number> {
  const paths = await readdir(directory, { recursive: true }).catch(() => []);
  const times = await Promise.all(
    ['.', ...paths].map((path) =>
      stat(join(directory, path)).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  return Date.now() - times.reduce((newest, time) => Math.max(newest, time), 0);
}

async function entriesOf(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}

/** Throws WORK_FILES_MISSING when another host, or a clean-up, has the files: the import starts over. */
export async function requireWorkFile(file: string): Promise<void> {
  await access(file).catch((cause: unknown) => {
    throw new ImportError('WORK_FILES_MISSING', { place: file, cause });
  });
}
