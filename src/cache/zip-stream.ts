/** Reads a zip archive from its first byte on, while it is still arriving. Numbers are those of APPNOTE 6.3.10. */
import { crc32, createInflateRaw } from 'node:zlib';
import { ByteReader } from './byte-reader.js';

const LOCAL_HEADER = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const ZIP64_FIELD = 0x0001;
const ENCRYPTED = 1 << 0;
const SIZES_FOLLOW = 1 << 3;
const UNKNOWN_32 = 0xffffffff;
const STORED = 0;
const DEFLATED = 8;
const INFLATE = {
  // Node's 16 kB cost a hop between threads each.
  chunkSize: 1024 ** 2,
  // Inflated by zlib's thread while this one hashes and writes what came before.
  readableHighWaterMark: 4 * 1024 ** 2,
};

/** What the local header says: to be believed only where the central directory agrees. */
export interface StreamedHeader {
  /** Position of the header in the archive. */
  readonly offset: number;
  readonly name: string;
  /** Where the header does not leave it to what stands behind the data. */
  readonly packedBytes?: number | undefined;
}

export interface StreamedMember extends StreamedHeader {
  readonly method: number;
  readonly packedBytes: number;
  /** As counted, not as declared. */
  readonly bytes: number;
  readonly crc32: number;
}

/** Takes what comes out of one member. */
export interface MemberSink {
  /** @param position - in the archive, of the next byte that nobody has asked for */
  write(piece: Buffer, position: number): Promise<void>;
  /** Always called, also behind an error; without a member when it could not be read to its end. */
  end(member: StreamedMember | undefined): Promise<void>;
}

/**
 * Gives each member to the sink that `sinkFor` has for it, and passes over the others. Ends quietly at the
 * central directory, and at the first thing that cannot be read without it.
 * @throws what the sinks throw, and Error of zlib for data that cannot be inflated
 */
export async function readZipStream(
  pieces: AsyncIterable<Buffer>,
  sinkFor: (header: StreamedHeader) => Promise<MemberSink | undefined>,
): Promise<void> {
  const reader = new ByteReader(pieces);
  for (;;) {
    const header = await readHeader(reader);
    if (!header) return;
    const { offset, name, method, packedBytes } = header;
    const readable = !header.encrypted && (method === STORED || method === DEFLATED);
    // Without its size only deflated data tells where it ends.
    if (packedBytes === undefined && (method !== DEFLATED || header.encrypted)) return;
    const sink = readable ? await sinkFor({ offset, name, packedBytes }) : undefined;
    let counted: Counted | undefined;
    try {
      if (packedBytes !== undefined && !sink) await pass(reader, packedBytes);
      else if (method === STORED) counted = await copy(reader, packedBytes ?? 0, sink);
      else counted = await inflate(reader, packedBytes ?? Infinity, sink);
    } finally {
      await sink?.end(counted && { offset, name, method, ...counted });
    }
    if (packedBytes === undefined && counted) await passDescriptor(reader, counted);
  }
}

interface LocalHeader extends StreamedHeader {
  readonly method: number;
  readonly encrypted: boolean;
  /** `undefined` when it is said only behind the data. */
  readonly packedBytes?: number;
}

interface Counted {
  readonly packedBytes: number;
  readonly bytes: number;
  readonly crc32: number;
}

async function readHeader(reader: ByteReader): Promise<LocalHeader | undefined> {
  const offset = reader.position;
  const fixed = await reader.exactly(30);
  if (fixed.length < 30 || fixed.readUInt32LE(0) !== LOCAL_HEADER) return undefined;
  const flags = fixed.readUInt16LE(6);
  const [nameBytes, extraBytes] = [fixed.readUInt16LE(26), fixed.readUInt16LE(28)];
  const rest = await reader.exactly(nameBytes + extraBytes);
  if (rest.length < nameBytes + extraBytes) return undefined;
  const said = fixed.readUInt32LE(18);
  const packedBytes = said === UNKNOWN_32 ? zip64Size(rest.subarray(nameBytes)) : said;
  const follows = (flags & SIZES_FOLLOW) !== 0 || packedBytes === undefined;
  return {
    offset,
    name: rest.subarray(0, nameBytes).toString('utf8'),
    method: fixed.readUInt16LE(8),
    encrypted: (flags & ENCRYPTED) !== 0,
    ...(!follows && { packedBytes }),
  };
}

/** 4.5.3: the original size, then the compressed one. */
function zip64Size(extra: Buffer): number | undefined {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    const [id, bytes] = [extra.readUInt16LE(at), extra.readUInt16LE(at + 2)];
    if (id === ZIP64_FIELD && bytes >= 16 && at + 20 <= extra.length) {
      return Number(extra.readBigUInt64LE(at + 12));
    }
  }
  return undefined;
}

async function pass(reader: ByteReader, bytes: number): Promise<void> {
  for (let left = bytes; left > 0;) {
    const piece = await reader.some(left);
    if (!piece) return;
    left -= piece.length;
  }
}

async function copy(
  reader: ByteReader,
  packedBytes: number,
  sink: MemberSink | undefined,
): Promise<Counted | undefined> {
  let [bytes, checksum] = [0, 0];
  while (bytes < packedBytes) {
    const piece = await reader.some(packedBytes - bytes);
    if (!piece) return undefined;
    bytes += piece.length;
    checksum = crc32(piece, checksum);
    await sink?.write(piece, reader.position);
  }
  return { packedBytes, bytes, crc32: checksum };
}

/** `undefined` when the data does not end where it is said to. */
async function inflate(
  reader: ByteReader,
  maxBytes: number,
  sink: MemberSink | undefined,
): Promise<Counted | undefined> {
  const engine = createInflateRaw(INFLATE);
  let [bytes, checksum] = [0, 0];
  const output = (async (): Promise<void> => {
    for await (const piece of engine as AsyncIterable<Buffer>) {
      bytes += piece.length;
      checksum = crc32(piece, checksum);
      await sink?.write(piece, reader.position);
    }
  })();
  // Awaited below; until then its failure shows in the race.
  output.catch(() => undefined);
  let packedBytes = 0;
  let ended = false;
  try {
    while (!ended && packedBytes < maxBytes) {
      const piece = await reader.some(maxBytes - packedBytes);
      if (!piece) return undefined;
      const before = engine.bytesWritten;
      await Promise.race([new Promise<void>((done) => engine.write(piece, () => done())), output]);
      const used = engine.bytesWritten - before;
      packedBytes += used;
      // The engine takes nothing behind the end of its stream.
      ended = used < piece.length;
      if (ended) reader.unread(piece.subarray(used));
    }
    if (!ended) engine.end();
    await output;
    // Something else hides behind the end of the data.
    if (ended && maxBytes !== Infinity) return undefined;
    return { packedBytes, bytes, crc32: checksum };
  } finally {
    engine.destroy();
  }
}

/** 4.3.9: an optional signature, the CRC, and two sizes of four bytes each, or of eight. */
async function passDescriptor(reader: ByteReader, counted: Counted): Promise<void> {
  const next = await reader.exactly(24);
  const signed = next.length >= 4 && next.readUInt32LE(0) === DESCRIPTOR ? 4 : 0;
  const sizes = next.subarray(signed + 4);
  const isLong =
    sizes.length >= 16 &&
    sizes.readBigUInt64LE(0) === BigInt(counted.packedBytes) &&
    sizes.readBigUInt64LE(8) === BigInt(counted.bytes);
  // Anything else than a descriptor shows in the next header, which is none then.
  reader.unread(sizes.subarray(isLong ? 16 : 8));
}
