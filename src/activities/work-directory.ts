/** The folder of one import on one host: unpacked, converted and described files, gone at its end. */
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ImportError } from '../errors/index.js';

/** `<WORK_DIR>/<dataset>/<runId>`: a retried activity finds the files of the attempt before. */
export function workDirectoryOf(root: string, dataset: string, runId: string): string {
  return join(root, dataset, runId);
}

export async function createWorkDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
}

/** Throws WORK_FILES_MISSING when another host, or a clean-up, has the files: the import starts over. */
export async function requireWorkFile(file: string): Promise<void> {
  await access(file).catch((cause: unknown) => {
    throw new ImportError('WORK_FILES_MISSING', { place: file, cause });
  });
}
