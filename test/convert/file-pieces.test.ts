import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { filePieces } from '../../src/convert/file-pieces.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-pieces-'));
});
afterAll(() => rm(folder, { recursive: true }));

const forever = new AbortController().signal;

async function fileOf(bytes: Buffer): Promise<string> {
  const file = join(folder, `${bytes.length}.bin`);
  await writeFile(file, bytes);
  return file;
}

test.each([0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 5 * (1 << 20) + 77])(
  'gives all of %d bytes in their order, however long each is worked on',
  async (size) => {
    const bytes = randomBytes(size);
    const file = await fileOf(bytes);
    for (const start of [0, Math.min(3, size)]) {
      const hash = createHash('sha256');
      for await (const piece of filePieces(file, forever, start)) {
        // The next piece has arrived by then; this one must not have changed.
        await new Promise((resolve) => setTimeout(resolve, 5));
        hash.update(piece);
      }
      const expected = createHash('sha256').update(bytes.subarray(start)).digest('hex');
      expect(hash.digest('hex')).toBe(expected);
    }
  },
);

test('closes the file when its user leaves early, and ends with the reason when aborted', async () => {
  const file = await fileOf(randomBytes(3 << 20));
  for await (const piece of filePieces(file, forever)) {
    expect(piece.length).toBe(1 << 20);
    break;
  }
  const controller = new AbortController();
  const read = async (): Promise<void> => {
    const pieces = filePieces(file, controller.signal);
    while (!(await pieces.next()).done) controller.abort(new Error('enough'));
  };
  await expect(read()).rejects.toThrow('enough');
  await expect(filePieces(join(folder, 'none'), forever).next()).rejects.toThrow('ENOENT');
});
