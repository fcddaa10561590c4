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
  for (const path of new Set(tables.map(fileOf))) {
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
    const found = find(fileOf(table));
    if (!found) return table;
    const { description, columns } = found;
    return {
      ...table,
      ...(description !== undefined && { description }),
      ...(columns.length > 0 && { columnDescriptions: columns }),
    };
  });
}

/** A sheet or a table of a database is described as its file is. */
function fileOf({ originalPath }: TableSource): string {
  return originalPath.split('#')[0]!;
}
