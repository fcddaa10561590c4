/** An archive that takes a while to unpack, and yet is small. */
import { gzipSync } from 'node:zlib';
import { Header } from 'tar';

const BLOCK_BYTES = 512;
const PADDING_BYTES = 2 ** 31;
const PADDING_MEMBERS = 128;

/** A .tar.gz of `content` and, after it, two gibibytes that nobody wants and that take seconds to read past. */
export function paddedArchive(name: string, content: string): Buffer {
  // A gzip file may be any number of them, one after the other (RFC 1952, 2.2): this one is compressed once.
  const nothing = gzipSync(Buffer.alloc(PADDING_BYTES / PADDING_MEMBERS));
  return Buffer.concat([
    gzipSync(Buffer.concat([tarHeader(name, content.length), toTarBlocks(content)])),
    gzipSync(tarHeader('padding.bin', PADDING_BYTES)),
    ...Array.from({ length: PADDING_MEMBERS }, () => nothing),
    gzipSync(Buffer.alloc(2 * BLOCK_BYTES)),
  ]);
}

function tarHeader(path: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  new Header({ path, type: 'File', size, mode: 0o644 }).encode(block);
  return block;
}

function toTarBlocks(content: string): Buffer {
  const blocks = Math.ceil(content.length / BLOCK_BYTES);
  return Buffer.concat([Buffer.from(content)], blocks * BLOCK_BYTES);
}
