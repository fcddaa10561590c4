/** Gives tables what their source says of their files. */
import { posix } from 'node:path';
import type { TableSource } from '../convert/types.js';
import type { FileDocumentation, SourceDocumentation } from '../source/types.js';

/** By the path of the file; by its name alone, where the source names no folders and no other file has that name. */
export function documented(
  tables: readonly TableSource[],
  documentation: SourceDocumentation | undefined,
): TableSource[] {
  const files = documentation?.files ?? [];
  const byPath = new Map(files.map((file) => [file.path, file]));
  const namesakes = new Map<string, number>();
  for (const path of new Set(tables.flatMap(filesOf))) {
    const name = posix.basename(path);
    namesakes.set(name, (namesakes.get(name) ?? 0) + 1);
  }
  const find = (path: string): FileDocumentation | undefined => {
    const exact = byPath.get(path);
    if (exact) return exact;
    const name = posix.basename(path);
    return namesakes.get(name) === 1 ? byPath.get(name) : undefined;
  };
  return tables.map((table) => {
    const found = filesOf(table).map(find);
    const description = sameOf(found);
    const columns = firstOfEach(found);
    return {
      ...table,
      ...(description !== undefined && { description }),
      ...(columns.length > 0 && { columnDescriptions: columns }),
    };
  });
}

/** A sheet or a table of a database is described as its file is. */
function filesOf({ originalPath, members }: TableSource): string[] {
  const paths = members?.map((member) => member.originalPath) ?? [originalPath];
  return paths.map((path) => path.split('#')[0]!);
}

/** What is said of one file alone ("the rides of May") is not true of the table of all. */
function sameOf(files: ReadonlyArray<FileDocumentation | undefined>): string | undefined {
  const [first, ...others] = files.map((file) => file?.description);
  return others.every((other) => other === first) ? first : undefined;
}

/** A column means the same in all files of a table; the first file that describes it speaks for the others. */
function firstOfEach(
  files: ReadonlyArray<FileDocumentation | undefined>,
): FileDocumentation['columns'] {
  const columns = new Map<string, string>();
  for (const [name, text] of files.flatMap((file) => file?.columns ?? [])) {
    if (!columns.has(name)) columns.set(name, text);
  }
  return [...columns];
}
