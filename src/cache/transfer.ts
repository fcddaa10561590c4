/** Brings one file to disk: resumed, checked before, while and after, and never left half under its own name. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ImportError } from '../errors/index.js';
import type { OpenedFile, ResumePoint } from '../source/source.js';
import { planAssembly, type Assembly } from './assemble.js';
import { checkAnnounced, checkArrived, type CheckedTransfer } from './transfer-checks.js';
import { watched, type TransferLimits } from './watch.js';

/** Attempts in a row that brought next to nothing. */
const MAX_FRUITLESS = 5;
const FRUITFUL_BYTES = 65_536;
const FIRST_DELAY_MS = 50;
const BREAKS = new Set(['SOURCE_UNREACHABLE', 'SOURCE_SERVER_ERROR']);
/** Left as they are for the next attempt; after any other failure the bytes are of no use. */
const RESUMABLE = new Set([
  'DOWNLOAD_STALLED',
  'DOWNLOAD_INTERRUPTED',
  'DISK_FULL',
  'CACHE_UNWRITABLE',
  'CACHE_LOCK_LOST',
]);

export interface TransferRequest extends CheckedTransfer {
  /** Asks the source for the file, from a point on. */
  readonly open: (resume: ResumePoint | undefined) => Promise<OpenedFile>;
  /** Already here under the MD5 that the source announces: gives true after putting it in place. */
  readonly reuse: (md5: string) => Promise<boolean>;
  /** An older version of the same archive on this disk. */
  readonly basis?: string | undefined;
  /** Keeps room on the disk for so many bytes, until the answer is called. */
  readonly reserve: (totalBytes: number) => Promise<() => Promise<void>>;
  /** Largest size to believe where the source announces none with the bytes. */
  readonly expectedBytes: number;
  readonly limits: TransferLimits;
  readonly signal: AbortSignal;
  /** Called with every piece; `bytes` of it crossed the network, and none of those that are on this disk already. */
  readonly onBytes: (bytes: number) => void;
}

export interface Transferred {
  readonly reused: boolean;
  /** That crossed the network in this call. */
  readonly transferredBytes: number;
  /** Taken from the older archive. */
  readonly copiedBytes: number;
}

/**
 * Ends with the whole, checked file in `partial`, or with `reused`. A broken connection is taken up again at
 * once, a bounded number of times; waiting for the source is left to the caller.
 * @throws DOWNLOAD_*, CHECKSUM_MISMATCH, DISK_FULL, and what the source throws
 */
export async function transfer(request: TransferRequest): Promise<Transferred> {
  const { partial, signal } = request;
  let [transferredBytes, copiedBytes, told] = [0, 0, 0];
  let fruitless = 0;
  let startedOver = false;
  for (;;) {
    const resume = await partial.resumePoint();
    const before = transferredBytes;
    const basis = startedOver ? undefined : request.basis;
    let assembly: Assembly | undefined;
    const countBytes = (bytes: number): void => {
      transferredBytes += bytes;
      const crossed = transferredBytes - copiedBytes - (assembly?.copiedBytes ?? 0);
      request.onBytes(crossed - told);
      told = crossed;
    };
    try {
      const reused = await attempt({ ...request, basis, onBytes: countBytes }, resume, (made) => {
        assembly = made;
      });
      copiedBytes += assembly?.copiedBytes ?? 0;
      return { reused, transferredBytes: transferredBytes - copiedBytes, copiedBytes };
    } catch (error) {
      copiedBytes += assembly?.copiedBytes ?? 0;
      signal.throwIfAborted();
      const failure = asFailure(error);
      const wasJoined = resume !== undefined || assembly !== undefined;
      if (failure instanceof ImportError && !BREAKS.has(failure.code)) {
        const keeps = RESUMABLE.has(failure.code) || !isAboutBytes(failure);
        if (!keeps) await partial.discard();
        // What was on disk before may not have been what it should be: once more, all from the source.
        if (failure.code === 'CHECKSUM_MISMATCH' && wasJoined && !startedOver) {
          startedOver = true;
          continue;
        }
        throw failure;
      }
      // A source that fails before the first byte is the caller's to wait for.
      if (failure instanceof ImportError && transferredBytes === 0) throw failure;
      fruitless = transferredBytes - before >= FRUITFUL_BYTES ? 0 : fruitless + 1;
      if (fruitless > MAX_FRUITLESS) throw interrupted(request, failure);
      const delayMs = fruitless === 0 ? 0 : FIRST_DELAY_MS * 2 ** fruitless * (1 + Math.random());
      await sleep(delayMs, undefined, { signal });
    }
  }
}

async function attempt(
  request: TransferRequest,
  resume: ResumePoint | undefined,
  onAssembly: (assembly: Assembly) => void,
): Promise<boolean> {
  const { file, partial, open, reuse, limits, onBytes } = request;
  const opened = await open(resume);
  const { body, offset, totalBytes, md5 } = opened;
  let assembly: Assembly | undefined;
  let giveBack: (() => Promise<void>) | undefined;
  try {
    checkAnnounced(opened, request);
    if (md5 !== undefined && (await reuse(md5))) return true;
    if (totalBytes !== undefined) giveBack = await request.reserve(totalBytes);
    assembly = await assemble(opened, request);
    if (assembly) {
      onAssembly(assembly);
      body.destroy();
      await partial.append(assembly.body(offset), opened, onBytes);
    } else {
      const maxBytes = (totalBytes ?? request.expectedBytes) - offset;
      const guarded = watched(body, { limits, maxBytes, place: file.path });
      await partial.append(guarded, opened, onBytes);
    }
    await checkArrived(opened, request);
    return false;
  } finally {
    body.destroy();
    await assembly?.close();
    await giveBack?.();
  }
}

/** Only under a checksum: it alone tells whether what was put together is the archive. */
async function assemble(
  { totalBytes, validator, md5 }: OpenedFile,
  { basis, file, open, limits, signal }: TransferRequest,
): Promise<Assembly | undefined> {
  const canBeChecked = md5 !== undefined || file.sha256 !== undefined;
  if (!basis || !canBeChecked || totalBytes === undefined || !validator) return undefined;
  return planAssembly({
    basis,
    totalBytes,
    validator,
    openRange: open,
    signal,
    guard: ({ body }) => watched(body, { limits, maxBytes: totalBytes, place: file.path }),
  });
}

/** Errors of the stream itself mean a broken connection, except silence. */
function asFailure(error: unknown): unknown {
  if (error instanceof ImportError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'UND_ERR_BODY_TIMEOUT') return error;
  return new ImportError('DOWNLOAD_STALLED', { found: 'silence', cause: error });
}

function isAboutBytes({ code }: ImportError): boolean {
  return code.startsWith('DOWNLOAD_') || code === 'CHECKSUM_MISMATCH';
}

function interrupted({ file, partial }: TransferRequest, cause: unknown): ImportError {
  return new ImportError('DOWNLOAD_INTERRUPTED', {
    place: file.path,
    found: `${MAX_FRUITLESS + 1} broken connections in a row, at byte ${partial.bytes}`,
    cause,
  });
}
