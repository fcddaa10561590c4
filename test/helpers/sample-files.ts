/** Files of known bytes for uploads. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noiseBytes } from './noise-bytes.js';

export interface SampleFile {
  readonly path: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

export interface SampleFiles {
  /** Two files of one test are never the same. */
  make(bytes: number): Promise<SampleFile>;
  remove(): Promise<void>;
}

export async function sampleFiles(): Promise<SampleFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'kaggle-import-files-'));
  let count = 0;
  return {
    async make(bytes) {
      const name = `file-${(count += 1)}`;
      const content = bytes === 0 ? Buffer.alloc(0) : noiseBytes(bytes, name);
      const path = join(folder, name);
      await writeFile(path, content);
      return { path, bytes, sha256: createHash('sha256').update(content).digest('hex') };
    },
    remove: () => rm(folder, { recursive: true }),
  };
}
