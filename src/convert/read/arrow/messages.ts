/** Walks the messages of an Arrow file or stream on disk, without holding more than one (Arrow Columnar Format 1.5, "Serialization and IPC"). */
import { open, type FileHandle } from 'node:fs/promises';
import { readFooter, readHeader } from './metadata.js';

/** What a message is, without its content. */
export interface Message {
  readonly kind: 'schema' | 'dictionary' | 'records';
  /** Of the whole message in the file. */
  readonly start: number;
  readonly metadataBytes: number;
  readonly bodyBytes: number;
}

const MAGIC = 'ARROW1';
/** As files begin. */
const START = `${MAGIC}\0\0`;
/** Padded to eight bytes. */
const START_BYTES = 8;
/** Length of the footer, and the magic again. */
const END_BYTES = 4 + MAGIC.length;
const CONTINUATION = -1;
const KINDS: Readonly<Record<number, Message['kind']>> = {
  ...{ 1: 'schema', 2: 'dictionary', 3: 'records' },
};
/** A schema of ten thousand columns has two megabytes. */
const MOST_METADATA = 1 << 28;

export class ArrowDamage extends Error {}

export function isArrowFile(head: Buffer): boolean {
  return head.toString('latin1', 0, START_BYTES) === START;
}

/** A stream says nothing of itself: its first message is a schema. */
export function isArrowStream(head: Buffer): boolean {
  if (head.length < 16 || head.readInt32LE(0) !== CONTINUATION) return false;
  const metadataBytes = head.readInt32LE(4);
  if (metadataBytes <= 0 || metadataBytes % 8 !== 0) return false;
  try {
    return messageOf(head.subarray(8, 8 + metadataBytes)).kind === 'schema';
  } catch {
    return false;
  }
}

export interface ArrowMessages {
  /** The message of the schema. */
  readonly schema: Uint8Array;
  /** Of dictionaries and records, each behind the dictionaries that it needs. */
  readonly others: readonly Message[];
}

/**
 * A file says in its footer where they are; a stream has one behind the other, and may end without a mark.
 * @throws ArrowDamage
 */
export async function listMessages(absolutePath: string): Promise<ArrowMessages> {
  const file = await open(absolutePath);
  try {
    const { size } = await file.stat();
    const isFile = isArrowFile(await readAt(file, 0, Math.min(size, START_BYTES)));
    return await (isFile ? messagesOfFile(file, size) : messagesOfStream(file, size));
  } finally {
    await file.close();
  }
}

async function messagesOfFile(file: FileHandle, size: number): Promise<ArrowMessages> {
  const start = await footerStart(file, size);
  const footer = await readAt(file, start, size - END_BYTES - start);
  const { schema, offsets } = withoutRangeErrors(() => readFooter(footer));
  const others: Message[] = [];
  for (const offset of offsets) {
    if (!(offset >= START_BYTES && offset < start))
      throw new ArrowDamage('a footer that is damaged');
    const message = await messageAt(file, offset, start);
    if (!message || message.kind === 'schema') throw new ArrowDamage('a message that is none');
    others.push(message);
  }
  return { schema: Uint8Array.from(schema), others };
}

async function messagesOfStream(file: FileHandle, size: number): Promise<ArrowMessages> {
  const messages: Message[] = [];
  for (let at = 0; at < size;) {
    const message = await messageAt(file, at, size);
    if (!message) break;
    messages.push(message);
    at = message.start + message.metadataBytes + message.bodyBytes;
  }
  const [first, ...others] = messages;
  if (first?.kind !== 'schema') throw new ArrowDamage('no schema at the start');
  return {
    schema: await readMessage(file, first),
    others: others.filter(({ kind }) => kind !== 'schema'),
  };
}

/** The message in memory of its own, its body at a multiple of eight bytes, as numbers of 64 bits need it. */
export async function readMessage(file: FileHandle, message: Message): Promise<Uint8Array> {
  const { start, metadataBytes, bodyBytes } = message;
  const before = (8 - (metadataBytes % 8)) % 8;
  const bytes = new Uint8Array(before + metadataBytes + bodyBytes).subarray(before);
  await fill(file, start, bytes);
  return bytes;
}

async function footerStart(file: FileHandle, size: number): Promise<number> {
  const end = await readAt(file, Math.max(0, size - END_BYTES), Math.min(size, END_BYTES));
  if (end.toString('latin1', 4) !== MAGIC) {
    throw new ArrowDamage('no footer: the file was not copied to its end');
  }
  const start = size - END_BYTES - end.readInt32LE(0);
  if (start < START_BYTES || start > size - END_BYTES)
    throw new ArrowDamage('a footer that is damaged');
  return start;
}

/** Nothing at the mark of the end. Before Arrow 0.15 nothing stood before the length. */
async function messageAt(
  file: FileHandle,
  start: number,
  end: number,
): Promise<Message | undefined> {
  const cut = new ArrowDamage(`a message at byte ${start} that is cut short`);
  if (start + 4 > end) throw cut;
  const prefix = await readAt(file, start, Math.min(8, end - start));
  const isMarked = prefix.readInt32LE(0) === CONTINUATION;
  if (isMarked && prefix.length < 8) throw cut;
  const length = prefix.readInt32LE(isMarked ? 4 : 0);
  if (length === 0) return undefined;
  const metadataBytes = length + (isMarked ? 8 : 4);
  if (length < 0 || length > MOST_METADATA || start + metadataBytes > end) throw cut;
  const metadata = await readAt(file, start + metadataBytes - length, length);
  const message = { ...messageOf(metadata), start, metadataBytes };
  if (start + metadataBytes + message.bodyBytes > end) throw cut;
  return message;
}

function messageOf(metadata: Buffer): Pick<Message, 'kind' | 'bodyBytes'> {
  const header = withoutRangeErrors(() => readHeader(metadata));
  const { bodyBytes } = header;
  const kind = KINDS[header.kind];
  if (!kind || !Number.isSafeInteger(bodyBytes) || bodyBytes < 0) {
    throw new ArrowDamage('a message that is none');
  }
  return { kind, bodyBytes };
}

function withoutRangeErrors<Found>(read: () => Found): Found {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new ArrowDamage('metadata that is damaged');
    throw error;
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  await fill(file, position, bytes);
  return bytes;
}

async function fill(file: FileHandle, position: number, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, position + done);
    if (bytesRead === 0) throw new ArrowDamage('the file ends too soon');
    done += bytesRead;
  }
}
