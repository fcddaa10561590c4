/** The workers that are there, and the configuration each of them goes by. */
import type { Database } from './database.js';
import { storableText } from './json.js';
import { readRows } from './rows.js';

export interface AnnouncedWorker {
  readonly identity: string;
  /** Of the configuration in force; SHA-256, hex. */
  readonly configDigest: string;
  /** Why the files as they are now are not in force. */
  readonly configProblem?: string;
  /** ISO 8601, UTC. */
  readonly seenAt: string;
}

export interface Workers {
  announce(worker: Omit<AnnouncedWorker, 'seenAt'>): Promise<void>;
  withdraw(identity: string): Promise<void>;
  /** Those heard of lately, by identity. */
  present(): Promise<AnnouncedWorker[]>;
}

/** Some announcements of a worker in a row, one every half minute, may fail before it counts as gone. */
const PRESENT = `interval '2 minutes'`;

const ANNOUNCE = `
  INSERT INTO workers (identity, config_digest, config_problem) VALUES ($1, $2, $3)
  ON CONFLICT (identity) DO UPDATE SET
    config_digest = excluded.config_digest,
    config_problem = excluded.config_problem,
    seen_at = now()`;

/** And those that nobody has withdrawn. */
const FORGET = `DELETE FROM workers WHERE identity = $1 OR seen_at < now() - interval '1 day'`;

const FIND_PRESENT = `
  SELECT
    identity, config_digest AS "configDigest", config_problem AS "configProblem", seen_at AS "seenAt"
  FROM workers
  WHERE seen_at > now() - ${PRESENT}
  ORDER BY identity`;

export function workers(database: Database): Workers {
  return {
    async announce({ identity, configDigest, configProblem }) {
      const problem = configProblem === undefined ? null : storableText(configProblem);
      await database.execute(ANNOUNCE, [identity, configDigest, problem]);
    },
    async withdraw(identity) {
      await database.execute(FORGET, [identity]);
    },
    present: () => readRows<AnnouncedWorker>(database, FIND_PRESENT),
  };
}
