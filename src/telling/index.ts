/** Tells people: what is to be said goes into the catalog, once, and from there to each receiver until it is taken. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Catalog } from '../catalog/index.js';
import { ImportError } from '../errors/index.js';
import type { Logger } from '../log.js';
import type { Alert, Notifier } from '../notify/index.js';
import { createReceivers } from './receivers.js';

export interface News {
  readonly alert: Alert;
  /** Whose end it is about. */
  readonly batchId?: string;
  /** Receivers that have it already. */
  readonly takenBy?: readonly string[];
  /** Rather now than once: when the catalog is away, the receivers are told past it. */
  readonly past?: boolean;
}

export interface Told {
  /** Past the catalog, which knows nothing of it. */
  readonly takenBy?: readonly string[];
}

export interface Telling {
  readonly namespaceId: string;
  /**
   * Gives the receivers some seconds; what they do not take in these is tried again later.
   * @throws what the catalog throws; WEBHOOK_FAILED when it is away and no receiver has taken the message
   */
  tell(news: News, signal: AbortSignal): Promise<Told>;
  /** What has not been taken yet; never throws. */
  deliver(): Promise<void>;
  close(): Promise<void>;
}

export interface TellingParts {
  readonly catalog: Pick<Catalog, 'messages'>;
  readonly notifier: Notifier;
  /** Of Temporal. */
  readonly namespaceId: string;
  readonly log: Logger;
}

/** Nobody waits for a receiver longer. */
const FIRST_ATTEMPT_MS = 10_000;

const AWAY = new Set<string>(['DATABASE_UNREACHABLE', 'DATABASE_BUSY']);

/** A catalog that is away is waited for until this attempt of an activity, and told past from then on. */
export const PAST_FROM_ATTEMPT = 4;

export function isCatalogAway(error: unknown): boolean {
  return error instanceof ImportError && AWAY.has(error.code);
}

export function createTelling(parts: TellingParts): Telling {
  const { catalog, notifier, namespaceId } = parts;
  const receivers = createReceivers({ ...parts, messages: catalog.messages });

  async function past(alert: Alert, signal: AbortSignal): Promise<Told> {
    const told = await Promise.all(
      notifier.receivers.map(async (receiver) => ({
        receiver,
        trouble: await notifier.send(receiver, alert, signal),
      })),
    );
    const takenBy = told.filter(({ trouble }) => !trouble).map(({ receiver }) => receiver);
    const found = told.flatMap(({ receiver, trouble }) =>
      trouble ? [`${receiver}: ${trouble.reason}`] : [],
    );
    if (takenBy.length === 0 && found.length > 0) {
      throw new ImportError('WEBHOOK_FAILED', { found: found.join('; ') });
    }
    return { takenBy };
  }

  return {
    namespaceId,
    async tell({ alert: message, batchId, takenBy, past: isUrgent = false }, signal) {
      const about = { ...(batchId !== undefined && { batchId }), ...(takenBy && { takenBy }) };
      try {
        await catalog.messages.add({ namespaceId, message, ...about });
      } catch (error) {
        if (!isUrgent || !isCatalogAway(error)) throw error;
        return past(message, signal);
      }
      const patience = new AbortController();
      const given = sleep(FIRST_ATTEMPT_MS, undefined, { signal: patience.signal });
      await Promise.race([receivers.deliver(), given.catch(() => undefined)]);
      patience.abort();
      return {};
    },
    deliver: () => receivers.deliver(),
    close: () => receivers.close(),
  };
}
