/** Takes messages from the catalog to the receivers: in their order, at their pace, each until it has been taken. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Catalog, ReceiverId } from '../catalog/index.js';
import { ImportError } from '../errors/index.js';
import type { Logger } from '../log.js';
import { together, type Alert, type Notifier, type Trouble } from '../notify/index.js';

/** Slack takes one message a second of each webhook (docs.slack.dev/apis/web-api/rate-limits). */
const PACE_MS = 1_000;

/** So many messages about single imports within so long; then those that come go together. */
const AT_ONCE = 5;
const LATELY_SECONDS = 300;

const MOST_DUE = 1_000;

/** What was taken and could not be recorded would be sent again. */
const RECORD_WITHIN_MS = 120_000;

/**
 * Until the next attempt, doubled with each: after seconds where the other side may be back at once. Who gives no
 * answer may have taken the message, and who refuses it needs a person: both are left alone for longer.
 */
const PAUSES = {
  passes: { first: 5, most: 300 },
  refused: { first: 60, most: 3_600 },
  unanswered: { first: 60, most: 3_600 },
} as const satisfies Record<Trouble['kind'], object>;

export interface Receivers {
  /** Resolves when nothing is left that could be taken now, or somebody else sees to it. */
  deliver(): Promise<void>;
  /** Ends it; what is being sent has some seconds. */
  close(): Promise<void>;
}

const CLOSE_WITHIN_MS = 5_000;

interface Parts {
  readonly messages: Catalog['messages'];
  readonly notifier: Notifier;
  readonly namespaceId: string;
  readonly log: Logger;
}

export function createReceivers({ messages, notifier, namespaceId, log }: Parts): Receivers {
  const end = new AbortController();
  const turns = notifier.receivers.map((receiver) => oneAtATime(() => sendTo(receiver)));
  let isExpected = false;

  async function sendTo(receiver: string): Promise<void> {
    const of = { namespaceId, receiver };
    const failures = await messages.hold(of);
    if (failures === undefined) return;
    try {
      for (let next = await nextFor(of); next; next = await nextFor(of)) {
        const trouble = await notifier.send(receiver, next.alert, end.signal);
        if (trouble) return await giveBack(of, trouble, failures);
        await recorded(of, next.ids);
        await sleep(PACE_MS, undefined, { signal: end.signal });
        await messages.holdOn(of);
      }
    } finally {
      await messages.letGo(of);
    }
  }

  /** The oldest; but many about single imports make one, and may have to wait for it. */
  async function nextFor(of: ReceiverId) {
    if (end.signal.aborted) return undefined;
    const due = await messages.due(of, MOST_DUE);
    const ofImports = due.filter(({ event }) => event.startsWith('import.'));
    const others = due.filter((one) => !ofImports.includes(one));
    const free = ofImports.length === 0 ? 0 : AT_ONCE - (await messages.lately(of, LATELY_SECONDS));
    if (free > 0 && ofImports.length > free) return oneOf(ofImports);
    return oneOf((free > 0 ? due : others).slice(0, 1));
  }

  async function giveBack(of: ReceiverId, trouble: Trouble, failures: number): Promise<void> {
    const { first, most } = PAUSES[trouble.kind];
    const pause = Math.min(most, first * 2 ** failures);
    const seconds = Math.ceil(Math.max(pause, (trouble.retryAfterMs ?? 0) / 1000));
    await messages.postpone(of, trouble.reason, seconds);
    const found = `${of.receiver}: ${trouble.reason}`;
    const { code, message, nextStep } = new ImportError('WEBHOOK_FAILED', { found });
    log.error({ code, reason: message, nextStep, againInSeconds: seconds }, 'message not taken');
  }

  async function recorded(of: ReceiverId, ids: readonly string[]): Promise<void> {
    const deadline = Date.now() + RECORD_WITHIN_MS;
    for (;;) {
      try {
        return await messages.delivered(of, ids);
      } catch (error) {
        if (Date.now() > deadline || end.signal.aborted) throw error;
        await sleep(PACE_MS);
      }
    }
  }

  return {
    async deliver() {
      if (notifier.receivers.length === 0) return;
      try {
        if (!isExpected) await messages.expect(namespaceId, notifier.receivers);
        isExpected = true;
        await Promise.all(turns.map((turn) => turn.run()));
      } catch (error) {
        // Of a catalog that is away: it has the messages, and its absence is told by who needs it.
        if (!end.signal.aborted) log.debug({ error }, 'messages could not be delivered');
      }
    },
    async close() {
      const timer = setTimeout(() => end.abort(), CLOSE_WITHIN_MS);
      turns.forEach((turn) => turn.stop());
      await Promise.allSettled(turns.map((turn) => turn.settled()));
      clearTimeout(timer);
      end.abort();
    },
  };
}

/** `undefined` of none. */
function oneOf(alerts: readonly Alert[]) {
  if (alerts.length === 0) return undefined;
  return { alert: together(alerts), ids: alerts.map(({ id }) => id) };
}

/** Who comes while it runs gets another turn behind it. */
function oneAtATime(work: () => Promise<void>) {
  let running: Promise<void> | undefined;
  let isWanted = false;
  let isOver = false;
  const all = async (): Promise<void> => {
    while (isWanted && !isOver) {
      isWanted = false;
      await work();
    }
  };
  return {
    async run(): Promise<void> {
      isWanted = true;
      running ??= all().finally(() => (running = undefined));
      await running;
    },
    stop: () => void (isOver = true),
    settled: async () => running,
  };
}
