/** What of a dataset has been kept so far, a line a file, so that a killed attempt goes on where it was. */
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeptFile } from '../catalog/index.js';
import type { KeptFiles } from '../contract.js';
import type { SkippedFile } from '../convert/types.js';
import { jsonLines } from '../json-lines.js';

interface Line {
  readonly prefix: string;
  readonly kept?: KeptFile;
  readonly failed?: SkippedFile;
}

const FILE = 'kept.ndjson';

export class KeptLog {
  readonly files: KeptFile[];
  #bytes: number;
  #writing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly handle: FileHandle,
    private readonly prefix: string,
    kept: readonly KeptFile[],
  ) {
    this.files = [...kept];
    this.#bytes = kept.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  static async open(workDirectory: string, prefix: string): Promise<KeptLog> {
    const { kept } = await readKept(workDirectory, prefix);
    const handle = await open(join(workDirectory, FILE), 'a');
    // What a killed attempt has begun ends here.
    await handle.writeFile('\n');
    return new KeptLog(handle, prefix, kept);
  }

  get sum(): KeptFiles {
    return { files: this.files.length, bytes: this.#bytes };
  }

  async add(kept: KeptFile): Promise<void> {
    await this.#write({ prefix: this.prefix, kept });
    this.files.push(kept);
    this.#bytes += kept.bytes;
  }

  async failed(files: readonly SkippedFile[]): Promise<void> {
    for (const failed of files) await this.#write({ prefix: this.prefix, failed });
  }

  async close(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.handle.close();
  }

  /** One after the other: a line is never within another. */
  #write(line: Line): Promise<void> {
    this.#writing = this.#writing.then(() => this.handle.writeFile(`${JSON.stringify(line)}\n`));
    return this.#writing;
  }
}

/** Of this prefix: another download of the run has stored nothing here. */
export async function readKept(
  workDirectory: string,
  prefix: string,
): Promise<{ readonly kept: KeptFile[]; readonly failed: SkippedFile[] }> {
  const kept = new Map<string, KeptFile>();
  const failed = new Map<string, SkippedFile>();
  for await (const found of jsonLines(join(workDirectory, FILE)) as AsyncGenerator<Line>) {
    if (found.prefix !== prefix) continue;
    if (found.kept) kept.set(found.kept.path, found.kept);
    if (found.failed) failed.set(found.failed.originalPath, found.failed);
  }
  for (const path of kept.keys()) failed.delete(path);
  return { kept: [...kept.values()], failed: [...failed.values()] };
}
