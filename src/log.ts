/** Logs: one JSON object a line to `LOG_FILE`, readable lines to stderr. */
import { multistream, pino, stdSerializers, stdTimeFunctions, type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { Environment } from './config/environment.js';
import { ImportError } from './errors/index.js';
import { openLogFile, type LogFile } from './log-file.js';

export type { Logger } from 'pino';

/** With the newest, sixty megabytes at most: weeks of imports, and no full disk. */
const ROTATION = { maxBytes: 10e6, keptFiles: 5 };

/** Keys whose values are never written, wherever they stand. */
const SECRETS = ['key', 'token', 'password', 'secretKey', 'authorization', 'connectionString'];

/** Throws ENVIRONMENT_INVALID when the log file cannot be written. */
export function createLogger({ LOG_LEVEL, LOG_FILE }: Environment): Logger {
  const redact = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  // Written at once and in this thread: what a worker says last is there when it ends, however it ends.
  const readable = pretty({ destination: 2, sync: true, ignore: 'pid,hostname' });
  return pino(
    {
      level: LOG_LEVEL,
      redact,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      // By this name our own lines and those of Temporal's SDK carry errors, whose message JSON would leave out.
      serializers: { error: stdSerializers.err },
    },
    multistream([
      { stream: readable, level: 'trace' },
      { stream: openFile(LOG_FILE), level: 'trace' },
    ]),
  );
}

function openFile(file: string): LogFile {
  try {
    return openLogFile(file, ROTATION);
  } catch (cause) {
    const found = (cause as NodeJS.ErrnoException).code ?? String(cause);
    const expected = 'a file that can be written, or /dev/null';
    throw new ImportError('ENVIRONMENT_INVALID', {
      place: `LOG_FILE ${file}`,
      expected,
      found,
      cause,
    });
  }
}
