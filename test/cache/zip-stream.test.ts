/** A zip archive that is read from its start, before its directory is there. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readZipStream } from '../../src/cache/zip-stream.js';
import { noiseBytes } from '../helpers/noise-bytes.js';
import { propertyCases } from '../helpers/properties.js';
import { zipOf, type ZipMember } from '../helpers/zip.js';

async function readInPieces(archive: Buffer, sizes: readonly number[]) {
  const found = new Map<string, string>();
  /** All in one buffer: a piece is gone when the next one is asked for. */
  async function* pieces(): AsyncGenerator<Buffer> {
    const piece = Buffer.alloc(Math.max(...sizes));
    for (let at = 0, turn = 0; at < archive.length; turn += 1) {
      const size = sizes[turn % sizes.length]!;
      const bytes = archive.copy(piece, 0, at, at + size);
      at += bytes;
      yield piece.subarray(0, bytes);
      piece.fill(0xee);
    }
  }
  await readZipStream(pieces(), async ({ name }) => {
    const chunks: Buffer[] = [];
    return {
      write: async (piece) => void chunks.push(Buffer.from(piece)),
      end: async (member) => {
        if (member) found.set(name, Buffer.concat(chunks).toString('hex'));
      },
    };
  });
  return found;
}

describe('an archive read from its start', () => {
  test('gives every member, however it is packed and in whatever pieces it comes', async () => {
    const member = fc.record({
      content: fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
      options: fc.constantFrom<NonNullable<ZipMember['options']>>(
        {},
        { compress: false },
        { streamed: true },
        { streamed: true, forceZip64Format: true },
        { forceZip64Format: true },
      ),
    });
    const piece = fc.integer({ min: 1, max: 2000 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(member, { minLength: 1, maxLength: 5 }),
        fc.array(piece, { minLength: 1, maxLength: 5 }),
        async (drawn, sizes) => {
          const members = drawn.map((one, index) => ({ ...one, name: `${index}.csv` }));
          const found = await readInPieces(await zipOf(members), sizes);
          expect([...found]).toEqual(
            members.map(({ name, content }) => [name, content.toString('hex')]),
          );
        },
      ),
      propertyCases(60),
    );
  });

  test('ends quietly where only the directory knows more: stored data of unknown size', async () => {
    const known = { name: 'a.csv', content: Buffer.from('x\n') };
    const unknown = {
      name: 'b.csv',
      content: Buffer.from('y\n'),
      options: { compress: false, streamed: true },
    };
    const found = await readInPieces(
      await zipOf([known, unknown, { ...known, name: 'c.csv' }]),
      [7],
    );
    expect([...found.keys()]).toEqual(['a.csv']);
  });

  test('gives nothing of a member that is cut off, and nothing of what is no archive', async () => {
    const archive = await zipOf([{ name: 'a.csv', content: noiseBytes(5000, 'a') }]);
    expect((await readInPieces(archive.subarray(0, 3000), [999])).size).toBe(0);
    expect((await readInPieces(noiseBytes(3000, 'no archive'), [999])).size).toBe(0);
  });
});
