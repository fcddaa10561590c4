/** Files of many values, a line of JSON each: a hundred thousand of them are never one text. */
import { open } from 'node:fs/promises';

const LINES_A_WRITE = 1_000;

/** Replaces the file. */
export async function writeJsonLines(file: string, values: readonly unknown[]): Promise<void> {
  const handle = await open(file, 'w');
  try {
    for (let at = 0; at < values.length; at += LINES_A_WRITE) {
      const some = values.slice(at, at + LINES_A_WRITE);
      await handle.writeFile(some.map((value) => `${JSON.stringify(value)}\n`).join(''));
    }
  } finally {
    await handle.close();
  }
}

/** A piece of the file at a time. None of a file that is not there; a line that was cut off is left out. */
export async function* jsonLines(file: string): AsyncGenerator<unknown, void, undefined> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  if (!handle) return;
  for await (const line of handle.readLines()) {
    const found = parsed(line);
    if (found !== undefined) yield found;
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
