/** Files that are one table together: those that `tables:` names, and a word about those that look like it. */
import { posix } from 'node:path';
import type { DatasetEntry } from '../../config/datasets.js';
import { ImportError } from '../../errors/index.js';
import type { TableFormat, TableSource } from '../types.js';
import { readHead } from './container.js';
import { matcher } from './file-patterns.js';

/** A table as it was found, in the order of the archive. */
export interface Part extends Omit<TableSource, 'name' | 'members'> {
  readonly absolutePath: string;
}

export interface LikeFiles {
  readonly name: string;
  /** Its patterns. */
  readonly path: string;
  readonly format: TableFormat;
  /** In natural order of their paths: `part_2` before `part_10`. */
  readonly parts: readonly Part[];
}

const natural = new Intl.Collator('en', { numeric: true });

/**
 * A file belongs to the first table whose pattern names it.
 * @throws NO_TABLES for a table without files, FORMAT_UNREADABLE for one whose files have several formats
 */
export function pinnedUnions(
  found: readonly Part[],
  pins: DatasetEntry['tables'],
): { readonly unions: LikeFiles[]; readonly others: Part[] } {
  let others = [...found];
  const unions = Object.entries(pins ?? {}).map(([name, { files }]) => {
    const matches = files.map(matcher);
    const isPart = ({ originalPath }: Part): boolean =>
      matches.some((match) => match(originalPath) || match(originalPath.replace(/#.*$/, '')));
    const parts = others.filter(isPart).sort((a, b) => inOrder(a.originalPath, b.originalPath));
    others = others.filter((part) => !parts.includes(part));
    const place = `tables: {${name}: ${files.join(', ')}}`;
    const [first] = parts;
    if (!first) throw new ImportError('NO_TABLES', { place, expected: 'files', found: 'none' });
    const other = parts.find(({ format }) => format !== first.format);
    if (other) {
      const found = `${other.format}: ${other.originalPath}`;
      throw new ImportError('FORMAT_UNREADABLE', { place, expected: first.format, found });
    }
    return { name, path: files.join(', '), format: first.format, parts };
  });
  return { unions, others };
}

function inOrder(one: string, other: string): number {
  return natural.compare(one, other) || (one < other ? -1 : 1);
}

/** Fewer may be two tables that are alike. */
const FEWEST = 3;
/** Of the first line, where the names of columns stand. */
const LINE_BYTES = 64 * 1024;

/** By the path of the first of them: what a person should know of files whose names and columns agree. */
export async function suggestedUnions(found: readonly Part[]): Promise<Map<string, string>> {
  const groups = new Map<string, Part[]>();
  for (const part of found) {
    const pattern = patternOf(part.originalPath);
    if (part.inside !== undefined || pattern === undefined) continue;
    const key = JSON.stringify([pattern, part.format]);
    groups.set(key, [...(groups.get(key) ?? []), part]);
  }
  const told = new Map<string, string>();
  for (const parts of groups.values()) {
    const alike = parts.length < FEWEST ? undefined : await haveOneHeader(parts);
    if (!alike) continue;
    const pattern = patternOf(parts[0]!.originalPath)!;
    const name = nameOf(pattern);
    told.set(
      parts[0]!.originalPath,
      `${parts.length} files, ${pattern}, have names and columns alike: if they are one table, paste below the dataset: tables: {${name}: ${JSON.stringify(pattern)}}`,
    );
  }
  return told;
}

/** The numbers of a path, and the values of `key=value` folders, are what tells parts from each other. */
function patternOf(path: string): string | undefined {
  const pattern = path.replace(/(?<==)[^/]+(?=\/)|\d+/g, '*').replace(/\*[-_.]?(\*[-_.]?)+/g, '*');
  return pattern === path ? undefined : pattern;
}

function nameOf(pattern: string): string {
  const stem = posix.basename(pattern).replace(/\.[a-z0-9.]*$/i, '');
  const words = `${posix.dirname(pattern).replace(/[^/=]+=\*/g, '')}_${stem}`.toLowerCase();
  const name = words.replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '');
  return /^[a-z]/.test(name) ? name : 'all_files';
}

/** The first line says nothing of formats that are no text. */
async function haveOneHeader(parts: readonly Part[]): Promise<boolean> {
  if (parts[0]!.format !== 'csv') return false;
  const header = async ({ absolutePath }: Part): Promise<string> =>
    (await readHead(absolutePath, LINE_BYTES)).toString('latin1').split(/[\r\n]/, 1)[0]!;
  const first = await header(parts[0]!);
  // Without names above them, rows are not alike.
  if (!/[a-z]/i.test(first)) return false;
  for (const part of parts) if ((await header(part)) !== first) return false;
  return true;
}
