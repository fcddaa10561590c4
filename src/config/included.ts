/** The files that `include:` names, sorted: paths and patterns relative to the file that names them. */
import { readdir } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import { systemCode } from '../network/trouble.js';
import { list } from './list.js';

export interface Included {
  readonly paths: readonly string[];
  /** Patterns that no file matches. */
  readonly empty: readonly string[];
}

/** `patterns` as they stand in the file: what is neither text nor a list of texts names nothing here. */
export async function includedFiles(main: string, patterns: unknown): Promise<Included> {
  const found = new Set<string>();
  const empty: string[] = [];
  for (const pattern of list.safeParse(patterns).data ?? []) {
    const paths = await matching(resolve(dirname(main)), pattern);
    if (paths.length === 0) empty.push(pattern);
    for (const path of paths) if (path !== resolve(main)) found.add(path);
  }
  return { paths: [...found].sort(), empty };
}

async function matching(folder: string, pattern: string): Promise<string[]> {
  const { base, isGlob } = picomatch.scan(pattern);
  if (!isGlob) return [resolve(folder, pattern)];
  const root = resolve(folder, base);
  const isWanted = picomatch(pattern);
  // A mounted ConfigMap has links to its files, and folders whose names begin with a dot: those are none of ours.
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(nothingThere);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => isWanted(relative(folder, path).split(sep).join('/')));
}

function nothingThere(error: unknown): never[] {
  if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return [];
  throw error;
}
