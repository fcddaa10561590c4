/** Guards a body while it streams: too slow, too long, and the real failure behind a broken stream. */
import { ImportError } from '../errors/index.js';
import type { ReceivedBody } from '../source/received-body.js';

export interface TransferLimits {
  /** A transfer that is slower over a whole window has stalled: one byte a second is no silence. */
  readonly minBytesPerSecond: number;
  readonly windowMs: number;
}

export const TRANSFER_LIMITS: TransferLimits = { minBytesPerSecond: 1024, windowMs: 60_000 };

/** @returns what to call when the transfer has ended, and what to call for each chunk */
export function watchTransfer(
  body: ReceivedBody,
  { limits, maxBytes, place }: { limits: TransferLimits; maxBytes: number; place: string },
): { count: (bytes: number) => void; end: () => void } {
  const { minBytesPerSecond, windowMs } = limits;
  const needed = (minBytesPerSecond * windowMs) / 1000;
  let total = 0;
  let inWindow = 0;
  const timer = setInterval(() => {
    if (inWindow < needed) {
      const found = `${inWindow} bytes in ${windowMs / 1000} s`;
      const expected = `${needed} bytes`;
      body.destroy(new ImportError('DOWNLOAD_STALLED', { place, expected, found }));
    }
    inWindow = 0;
  }, windowMs);
  return {
    count(bytes) {
      inWindow += bytes;
      total += bytes;
      if (total <= maxBytes) return;
      throw new ImportError('DOWNLOAD_TOO_LARGE', {
        place,
        expected: `at most ${maxBytes} bytes`,
        found: 'more',
      });
    },
    end: () => clearInterval(timer),
  };
}
