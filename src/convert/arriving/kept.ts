/** What was made of a text while it arrived, on the disk until its table is converted: how it was read, and its rows. */
import { createHash } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { TextReading } from '../read/text/read-text.js';
import type { CopiedColumns } from '../write/copy.js';

export interface ArrivedTable {
  /** Of the file that was read. */
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  /** Of the configuration, as `tableDigest` has it. */
  readonly digest: string;
  readonly reading: Omit<TextReading, 'rejects'>;
  /** That has written the rows, with `SOURCE` and `TARGET` in place of its files. */
  readonly statement: string;
  readonly statistics: CopiedColumns;
}

/** No path: they are compared with statements that have these in place of theirs, too. */
export const SOURCE = '<source>';
export const TARGET = '<target>';

/** Of all that arrives: below the work directory, which goes at the end of the import. */
export function arrivedRoot(workDirectory: string): string {
  return join(workDirectory, 'arrived');
}

export function arrivedFolder(workDirectory: string, originalPath: string): string {
  const name = createHash('sha256').update(originalPath).digest('hex').slice(0, 20);
  return join(arrivedRoot(workDirectory), name);
}

/** Without `.tmp`. */
export function arrivedRows(folder: string): string {
  return join(folder, 'rows.parquet');
}

const NOTE = 'table';

/** Last of all: with it, everything is there. */
export async function keepArrived(folder: string, table: ArrivedTable): Promise<void> {
  const note = join(folder, NOTE);
  await writeFile(`${note}.tmp`, serialize(table));
  await rename(`${note}.tmp`, note);
}

/** Nothing where nothing was made, or not to its end. */
export async function readArrived(folder: string): Promise<ArrivedTable | undefined> {
  try {
    return deserialize(await readFile(join(folder, NOTE))) as ArrivedTable;
  } catch {
    return undefined;
  }
}

export async function dropArrived(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
