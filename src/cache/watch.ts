/** Guards a body while it streams: not too slow, not too long. */
import { ImportError } from '../errors/index.js';
import type { ReceivedBody } from '../source/received-body.js';

export interface TransferLimits {
  /** A transfer that is slower over a whole window has stalled: one byte a second is no silence. */
  readonly minBytesPerSecond: number;
  readonly windowMs: number;
}

export const TRANSFER_LIMITS: TransferLimits = { minBytesPerSecond: 1024, windowMs: 60_000 };

/** Hands the body on. @throws DOWNLOAD_STALLED behind what arrived, DOWNLOAD_TOO_LARGE before it is handed on */
export async function* watched(
  body: ReceivedBody,
  { limits, maxBytes, place }: { limits: TransferLimits; maxBytes: number; place: string },
): AsyncGenerator<Buffer> {
  const { minBytesPerSecond, windowMs } = limits;
  const neededBytes = (minBytesPerSecond * windowMs) / 1000;
  let total = 0;
  let inWindow = 0;
  const timer = setInterval(() => {
    if (inWindow < neededBytes) {
      const found = `${inWindow} bytes in ${windowMs / 1000} s`;
      const expected = `${neededBytes} bytes`;
      body.destroy(new ImportError('DOWNLOAD_STALLED', { place, expected, found }));
    }
    inWindow = 0;
  }, windowMs);
  try {
    for await (const chunk of body) {
      inWindow += chunk.length;
      total += chunk.length;
      if (total > maxBytes) {
        const expected = `at most ${maxBytes} bytes`;
        throw new ImportError('DOWNLOAD_TOO_LARGE', { place, expected, found: 'more' });
      }
      yield chunk;
    }
  } finally {
    clearInterval(timer);
  }
}
