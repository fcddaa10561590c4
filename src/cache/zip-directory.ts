/** Where the members of a zip archive are, read from the end of the archive alone. */
import { Readable } from 'node:stream';
import { fromRandomAccessReaderPromise, RandomAccessReader } from 'yauzl';

/** A directory longer than this is not worth its reading. */
const MAX_TAIL_BYTES = 64 * 1024 ** 2;

/** One member with its header and what follows its data: up to the next one, or to the directory. */
export interface MemberSpan {
  readonly start: number;
  /** First byte behind it. */
  readonly end: number;
  /** Equal for two members that were packed from the same bytes in the same way, under the same name. */
  readonly identity: string;
  /** MS-DOS time and date, as the local header has them as well. */
  readonly stamp: Buffer;
}

export type ReadRange = (start: number, end: number) => Promise<Buffer>;

/** In the order of the archive. @throws Error when it is no archive, or none that is laid out in order */
export async function readMemberSpans(read: ReadRange, totalBytes: number): Promise<MemberSpan[]> {
  const reader = new TailReader(read, totalBytes);
  const zip = await fromRandomAccessReaderPromise(reader, totalBytes, {
    autoClose: false,
    decodeStrings: false,
    validateEntrySizes: false,
  });
  // Before the first entry is read: the start of the directory. The type has it as a boolean.
  const directoryStart = zip.readEntryCursor as unknown as number;
  const members = [];
  for await (const entry of zip.eachEntry()) {
    const { crc32, compressedSize, uncompressedSize, compressionMethod } = entry;
    const stamp = Buffer.alloc(4);
    stamp.writeUInt16LE(entry.lastModFileTime, 0);
    stamp.writeUInt16LE(entry.lastModFileDate, 2);
    members.push({
      start: entry.relativeOffsetOfLocalHeader,
      identity: JSON.stringify([
        ...[crc32, compressedSize, uncompressedSize, compressionMethod],
        ...[entry.generalPurposeBitFlag, entry.fileNameRaw.toString('hex')],
      ]),
      stamp,
    });
  }
  members.sort((a, b) => a.start - b.start);
  const starts = [...members.map(({ start }) => start), directoryStart];
  return members.map((member, index) => {
    const end = starts[index + 1]!;
    if (end <= member.start || end > totalBytes) throw new Error('not laid out in order');
    return { ...member, end };
  });
}

/** Keeps everything from the first byte asked for to the end: an archive's directory is there, in one piece. */
class TailReader extends RandomAccessReader {
  readonly #read: ReadRange;
  #tail: Promise<Buffer> = Promise.resolve(Buffer.alloc(0));
  #start: number;

  constructor(read: ReadRange, totalBytes: number) {
    super();
    this.#read = read;
    this.#start = totalBytes;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#bytes(start, end));
  }

  async *#bytes(start: number, end: number): AsyncGenerator<Buffer> {
    if (start < this.#start) {
      const [before, from, to] = [this.#tail, start, this.#start];
      if (to - from > MAX_TAIL_BYTES) throw new Error('too far from the end');
      this.#start = start;
      this.#tail = Promise.all([this.#read(from, to), before]).then((both) => Buffer.concat(both));
    }
    const tail = await this.#tail;
    yield tail.subarray(start - this.#start, end - this.#start);
  }
}
