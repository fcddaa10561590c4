/**
 * A thread that inflates an archive while it grows on the disk. Every buffer that zlib fills is garbage afterwards, and
 * clearing it away takes as long as there are other objects: here are hardly any.
 */
import { createHash } from 'node:crypto';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { bootId, UNKNOWN_BOOT } from '../locks/process-identity.js';
import type { NotedMember } from './inflated-members.js';
import { wholeMark } from './whole-mark.js';
import { readZipStream, type MemberSink, type StreamedHeader } from './zip-stream.js';

export interface Inflating {
  /** The archive, so far. */
  readonly file: string;
  /** For what comes out of it. */
  readonly directory: string;
  readonly maxBytes: number;
  readonly maxRatio: number;
}

export type ToThread =
  /** Bytes that are on the disk; all of them, when it is whole. */
  | { readonly say: 'arrived'; readonly bytes: number; readonly isWhole: boolean }
  | { readonly say: 'wanted'; readonly isWanted: boolean }
  | { readonly say: 'room'; readonly roomLeft: number };

export type FromThread =
  | { readonly say: 'begins'; readonly name: string }
  | { readonly say: 'how much room' }
  | ({ readonly say: 'large' } & LargeMember)
  | { readonly say: 'done'; readonly members: readonly NotedMember[] };

/** A member of which much is there, and more to come, later than it can be unpacked. */
export interface LargeMember {
  readonly name: string;
  readonly offset: number;
  /** So far. */
  readonly bytes: number;
  /** That these have been packed into. */
  readonly packedBytes: number;
  /** That the whole member is packed into, where it is known. */
  readonly ofPackedBytes?: number | undefined;
}

type Answer = Exclude<ToThread, { say: 'arrived' }>;

const PIECE_BYTES = 1 << 20;
const LOOK_AT_DISK_EVERY_BYTES = 32 * 1024 ** 2;
/** Below, a table is converted before anything of it could have been done ahead. */
const LARGE_BYTES = 16 * 1024 ** 2;
/** Of an archive that is further ahead, the processors are what is waited for: there is nothing to be done meanwhile. */
const NEAR_BYTES = 2 * 1024 ** 2;

const { file, directory, maxBytes, maxRatio } = workerData as Inflating;
const port = parentPort!;
const members: NotedMember[] = [];
let arrived = { bytes: 0, isWhole: false };
let onArrived = (): void => undefined;
let onAnswer: (answer: Answer) => void = () => undefined;
let [bytes, lookAgainAtBytes] = [0, 0];

port.on('message', (message: ToThread) => {
  if (message.say !== 'arrived') return onAnswer(message);
  arrived = message;
  onArrived();
});
await readZipStream(pieces(), sinkFor);
tell({ say: 'done', members });
port.close();

function tell(message: FromThread): void {
  port.postMessage(message);
}

/** Each is valid until the next one is asked for. */
async function* pieces(): AsyncGenerator<Buffer> {
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  const handle = await open(file);
  try {
    for (let at = 0; ;) {
      while (at === arrived.bytes && !arrived.isWhole)
        await new Promise<void>((resolve) => (onArrived = resolve));
      const { bytesRead } = await handle.read(
        piece,
        0,
        Math.min(PIECE_BYTES, arrived.bytes - at),
        at,
      );
      if (bytesRead === 0) return;
      at += bytesRead;
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** One question at a time. */
async function ask<Say extends Answer['say']>(
  question: FromThread,
): Promise<Extract<Answer, { say: Say }>> {
  const answer = new Promise<Answer>((resolve) => (onAnswer = resolve));
  tell(question);
  return (await answer) as Extract<Answer, { say: Say }>;
}

async function sinkFor({
  offset,
  name,
  packedBytes: ofPackedBytes,
}: StreamedHeader): Promise<MemberSink | undefined> {
  if (name.endsWith('/')) return undefined;
  const { isWanted } = await ask<'wanted'>({ say: 'begins', name });
  if (!isWanted) return undefined;
  const path = join(directory, String(offset));
  const handle = await open(path, 'wx');
  const sha256 = createHash('sha256');
  let own = 0;
  let isTold = false;
  return {
    write: async (piece, position) => {
      own += piece.length;
      bytes += piece.length;
      await requireRoom();
      // Hashed while the disk takes it.
      const written = handle.appendFile(piece);
      sha256.update(piece);
      await written;
      const isWaited = !arrived.isWhole && arrived.bytes - position < NEAR_BYTES;
      if (isTold || own < LARGE_BYTES || !isWaited) return;
      isTold = true;
      const packedBytes = position - offset;
      tell({ say: 'large', name, offset, bytes: own, packedBytes, ofPackedBytes });
    },
    end: async (member) => {
      try {
        if (!member) return;
        // Where nobody can tell later whether the machine has started again.
        if (bootId() === UNKNOWN_BOOT) await handle.sync();
        const { mtimeMs } = await handle.stat();
        const { method, packedBytes, bytes: ofMember, crc32 } = member;
        const facts = { offset, method, packedBytes, bytes: ofMember, crc32 };
        members.push({ ...facts, sha256: sha256.digest('hex'), mtimeMs: Math.floor(mtimeMs) });
        await writeFile(wholeMark(path), '');
      } finally {
        await handle.close();
      }
    },
  };
}

async function requireRoom(): Promise<void> {
  if (bytes > Math.min(maxBytes, maxRatio * arrived.bytes))
    throw new Error('more than may be unpacked');
  if (bytes < lookAgainAtBytes) return;
  const { roomLeft } = await ask<'room'>({ say: 'how much room' });
  if (roomLeft < 0) throw new Error('the downloads need the room');
  lookAgainAtBytes = bytes + LOOK_AT_DISK_EVERY_BYTES;
}
