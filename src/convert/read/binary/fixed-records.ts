/** Cuts records of one length out of a file as it is read. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';

export interface FixedRecords {
  /** Of the first record in the file. */
  readonly start: number;
  readonly recordBytes: number;
  readonly records: number;
}

/** Fewer than there should be where the file ends before. */
export async function* fixedRecords(
  absolutePath: string,
  { start, recordBytes, records }: FixedRecords,
): AsyncGenerator<Buffer> {
  if (records === 0 || recordBytes === 0) return;
  const end = start + records * recordBytes - 1;
  const pieces = createReadStream(absolutePath, { start, end, highWaterMark: 1 << 20 });
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of pieces as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let at = 0;
    for (; at + recordBytes <= bytes.length; at += recordBytes)
      yield bytes.subarray(at, at + recordBytes);
    rest = bytes.subarray(at);
  }
}

/** Bytes of the file from `start` on, fewer where it ends before. */
export async function bytesAt(absolutePath: string, start: number, count: number): Promise<Buffer> {
  const file = await open(absolutePath);
  try {
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.max(0, Math.min(count, size - start)));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
