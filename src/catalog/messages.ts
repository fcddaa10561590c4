/** What the catalog keeps of messages to people: each once, until every receiver has it. */
import type { Database } from './database.js';
import { storableJson, storableText } from './json.js';
import { readRows } from './rows.js';
import * as sql from './statements/messages.js';

export interface StoredMessage {
  readonly id: string;
  readonly event: string;
  readonly title: string;
  readonly lines: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface NewMessage {
  /** Of Temporal. */
  readonly namespaceId: string;
  readonly message: StoredMessage;
  /** Of the batch whose end it is about. */
  readonly batchId?: string;
  /** Receivers that have it already. */
  readonly takenBy?: readonly string[];
}

/** A receiver of one namespace, by the variable that names it. */
export interface ReceiverId {
  readonly namespaceId: string;
  readonly receiver: string;
}

export interface Undelivered {
  readonly receiver: string;
  readonly problem: string;
  readonly messages: number;
  /** Of the oldest; ISO 8601, UTC. */
  readonly since: string;
}

export interface Messages {
  /** False when it is known already, or people were told of the batch. */
  add(message: NewMessage): Promise<boolean>;
  expect(namespaceId: string, receivers: readonly string[]): Promise<void>;
  /** How often it has refused in a row, for the one that may send to it now; `undefined` for all others. */
  hold(of: ReceiverId): Promise<number | undefined>;
  holdOn(of: ReceiverId): Promise<void>;
  letGo(of: ReceiverId): Promise<void>;
  /** Oldest first. */
  due(of: ReceiverId, most: number): Promise<StoredMessage[]>;
  /** How many about imports it was sent in the last seconds. */
  lately(of: ReceiverId, seconds: number): Promise<number>;
  delivered(of: ReceiverId, ids: readonly string[]): Promise<void>;
  postpone(of: ReceiverId, problem: string, seconds: number): Promise<void>;
  undelivered(): Promise<Undelivered[]>;
  /** Forgets what is older than so many days. */
  retire(days: number): Promise<void>;
}

export function messages(database: Database): Messages {
  const rows = <T>(statement: string, values: readonly unknown[] = []): Promise<T[]> =>
    readRows<T>(database, statement, values);
  const execute = async (statement: string, values: readonly unknown[]): Promise<void> => {
    await database.execute(statement, values);
  };
  return {
    async add({ namespaceId, message, batchId, takenBy = [] }) {
      const { id, event, title, lines, facts } = message;
      const added = await rows(sql.ADD_MESSAGE, [
        ...[namespaceId, id, event, storableText(title), storableJson(lines), storableJson(facts)],
        ...[batchId ?? null, takenBy],
      ]);
      return added.length === 1;
    },
    expect: (namespaceId, receivers) => execute(sql.ADD_RECEIVERS, [namespaceId, receivers]),
    hold: async ({ namespaceId, receiver }) =>
      (await rows<{ failures: number }>(sql.HOLD_RECEIVER, [namespaceId, receiver]))[0]?.failures,
    holdOn: ({ namespaceId, receiver }) => execute(sql.HOLD_ON, [namespaceId, receiver]),
    letGo: ({ namespaceId, receiver }) => execute(sql.LET_GO, [namespaceId, receiver]),
    due: ({ namespaceId, receiver }, most) =>
      rows<StoredMessage>(sql.DUE_MESSAGES, [namespaceId, receiver, most]),
    lately: async ({ namespaceId, receiver }, seconds) =>
      (await rows<{ count: number }>(sql.COUNT_LATELY, [namespaceId, receiver, seconds]))[0]!.count,
    delivered: ({ namespaceId, receiver }, ids) =>
      execute(sql.RECORD_DELIVERY, [namespaceId, receiver, ids]),
    postpone: ({ namespaceId, receiver }, problem, seconds) =>
      execute(sql.POSTPONE, [namespaceId, receiver, problem, seconds]),
    undelivered: () => rows<Undelivered>(sql.UNDELIVERED),
    retire: (days) => execute(sql.RETIRE_MESSAGES, [days]),
  };
}
