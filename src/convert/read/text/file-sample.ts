/** Takes from a file what the decisions look at: its start, and its last lines. */
import { open } from 'node:fs/promises';
import type { Sample } from './sample.js';
import type { TextFile } from './text-file.js';

const START_BYTES = 1 << 20;
const END_BYTES = 1 << 14;

export async function sampleOf({ file, bomBytes }: TextFile): Promise<Sample> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const read = async (from: number, most: number): Promise<Buffer> => {
      const bytes = Buffer.alloc(Math.max(Math.min(size - from, most), 0));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
      return bytes.subarray(0, bytesRead);
    };
    const bytes = await read(bomBytes, START_BYTES);
    const complete = size - bomBytes < START_BYTES;
    const end = complete ? bytes : await read(size - END_BYTES, END_BYTES);
    return { bytes, complete, end };
  } finally {
    await handle.close();
  }
}
