/** The folder of one import on one host: unpacked, converted and described files, gone at its end. */
import { access, mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ImportError } from '../errors/index.js';

/** `<WORK_DIR>/<dataset>/<runId>`: a retried activity finds the files of the attempt before. */
export function workDirectoryOf(root: string, dataset: string, runId: string): string {
  return join(root, dataset, runId);
}

export async function createWorkDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
}

/**
 * Removes the folders of runs that have ended: terminated ones, and those whose host was away at their end.
 * Gives how many. `findRunning` gives run ids; it is asked after the folders are known, so that a run
 * that starts meanwhile keeps its own.
 */
export async function removeEndedWork(
  root: string,
  findRunning: () => Promise<ReadonlySet<string>>,
): Promise<number> {
  const folders: { dataset: string; runId: string }[] = [];
  for (const dataset of await entriesOf(root)) {
    for (const runId of await entriesOf(join(root, dataset))) folders.push({ dataset, runId });
  }
  if (folders.length === 0) return 0;
  const running = await findRunning();
  const ended = folders.filter(({ runId }) => !running.has(runId));
  for (const { dataset, runId } of ended) {
    await rm(workDirectoryOf(root, dataset, runId), { recursive: true, force: true });
    // Stays while another run of the dataset has its folder beside it.
    await rmdir(join(root, dataset)).catch(() => undefined);
  }
  return ended.length;
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
