/** Walks the blocks of an Avro file (Apache Avro 1.12, "Object Container Files"), one of them in memory. */
import { open, type FileHandle } from 'node:fs/promises';
import { crc32, inflateRawSync } from 'node:zlib';
import { decompress as decompressZstd } from 'fzstd';
import { Damage } from '../binary/damage.js';
import { BlockReader } from './block-reader.js';
import { decompressSnappy } from './snappy.js';

const MAGIC = 'Obj\x01';
const SYNC_BYTES = 16;
/** Schemas of thousands of columns have less. */
const MOST_HEADER_BYTES = 16 << 20;
/** No writer makes blocks of so much. */
const MOST_BLOCK_BYTES = 1 << 28;
const MOST_LENGTH_BYTES = 20;

export interface AvroHeader {
  readonly schema: unknown;
  readonly codec: string;
  readonly sync: Buffer;
  /** Of the first block. */
  readonly start: number;
}

export interface AvroBlock {
  readonly records: number;
  readonly reader: BlockReader;
}

export function isAvro(head: Buffer): boolean {
  return head.toString('latin1', 0, MAGIC.length) === MAGIC;
}

/** @throws Damage */
export async function readAvroHeader(absolutePath: string): Promise<AvroHeader> {
  const file = await open(absolutePath);
  try {
    const reader = new BlockReader(await readAt(file, 0, MOST_HEADER_BYTES));
    if (!isAvro(reader.take(MAGIC.length))) throw new Damage('other content');
    const metadata = new Map<string, Buffer>();
    for (const items = reader.items(); !items.next().done;) {
      const name = reader.text();
      metadata.set(name, reader.take(reader.count()));
    }
    const codec = metadata.get('avro.codec')?.toString('latin1') ?? 'null';
    if (!Object.hasOwn(CODECS, codec)) throw new Damage(`blocks that are compressed by ${codec}`);
    const sync = Buffer.from(reader.take(SYNC_BYTES));
    return { schema: parsed(metadata.get('avro.schema')), codec, sync, start: reader.at };
  } finally {
    await file.close();
  }
}

function parsed(schema: Buffer | undefined): unknown {
  try {
    return JSON.parse(schema?.toString('utf8') ?? '');
  } catch {
    throw new Damage('no schema in JSON');
  }
}

/** @throws Damage */
export async function* blocksOf(
  absolutePath: string,
  { codec, sync, start }: AvroHeader,
): AsyncGenerator<AvroBlock> {
  const file = await open(absolutePath);
  try {
    const { size } = await file.stat();
    for (let at = start; at < size;) {
      const lengths = new BlockReader(await readAt(file, at, MOST_LENGTH_BYTES));
      const [records, bytes] = [lengths.count(), lengths.count()];
      const end = at + lengths.at + bytes + SYNC_BYTES;
      if (records < 0 || bytes < 0) throw new Damage('a block of a negative length');
      if (end > size)
        throw new Damage('a block that is cut short: the file was not copied to its end');
      if (bytes > MOST_BLOCK_BYTES) throw new Damage(`a block of ${bytes} bytes`);
      const block = await readAt(file, at + lengths.at, bytes + SYNC_BYTES);
      if (!block.subarray(bytes).equals(sync)) throw new Damage('a block without its mark');
      yield { records, reader: new BlockReader(decompressed(codec, block.subarray(0, bytes))) };
      at = end;
    }
  } finally {
    await file.close();
  }
}

const CODECS: Readonly<Record<string, (block: Buffer) => Uint8Array>> = {
  null: (block) => block,
  deflate: (block) => inflateRawSync(block, { maxOutputLength: MOST_BLOCK_BYTES }),
  zstandard: (block) => decompressZstd(block),
  snappy: (block) => {
    const content = block.subarray(0, Math.max(0, block.length - 4));
    const bytes = decompressSnappy(content, MOST_BLOCK_BYTES);
    if (crc32(bytes) !== block.readUInt32BE(content.length))
      throw new Damage('a block with another checksum');
    return bytes;
  },
};

function decompressed(codec: string, block: Buffer): Buffer {
  try {
    return Buffer.from(CODECS[codec]!(block));
  } catch (error) {
    if (error instanceof Damage) throw error;
    throw new Damage(`a block that ${codec} does not decompress`);
  }
}

async function readAt(file: FileHandle, at: number, most: number): Promise<Buffer> {
  const { size } = await file.stat();
  const bytes = Buffer.alloc(Math.max(0, Math.min(most, size - at)));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, at);
  return bytes.subarray(0, bytesRead);
}
