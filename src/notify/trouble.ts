/** Why a receiver has not taken a message, and what may be tried. */

export interface Trouble {
  /** Tells nothing of an address; nor the answer, which may repeat it. */
  readonly reason: string;
  readonly kind:
    /** It has not taken the message, and may the next time. */
    | 'passes'
    /** It has not taken it, and does not take it as it is. */
    | 'refused'
    /** It may have taken it: the message was sent, and no answer came. */
    | 'unanswered';
  /** It asks for so long a pause. */
  readonly retryAfterMs?: number;
}

/** What is over in a moment is tried again at once; nobody waits for more. */
const ATTEMPTS = 3;
const PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 5000;

/** How long to wait before the next attempt; `undefined` when this one is the last. */
export function pauseAfter({ kind, retryAfterMs = 0 }: Trouble, attempt: number) {
  if (kind !== 'passes' || attempt >= ATTEMPTS || retryAfterMs > LONGEST_PAUSE_MS) return undefined;
  return Math.max(PAUSE_MS, retryAfterMs);
}
