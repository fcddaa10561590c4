/** Logs: one JSON object a line to `LOG_FILE`, readable lines to stderr. */
import { pino, stdSerializers, type Logger, type TransportTargetOptions } from 'pino';
import type { Environment } from './config/environment.js';

export type { Logger } from 'pino';

/** Keys whose values are never written, wherever they stand. */
const SECRETS = ['key', 'token', 'password', 'secretKey', 'authorization', 'connectionString'];

export function createLogger({ LOG_LEVEL, LOG_FILE }: Environment): Logger {
  const targets: TransportTargetOptions[] = [
    {
      target: 'pino-pretty',
      level: LOG_LEVEL,
      options: { destination: 2, ignore: 'pid,hostname' },
    },
    {
      target: 'pino/file',
      level: LOG_LEVEL,
      options: { destination: LOG_FILE, mkdir: true },
    },
  ];
  const paths = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  // By this name our own lines and those of Temporal's SDK carry errors, whose message JSON would leave out.
  const serializers = { error: stdSerializers.err };
  return pino({ level: LOG_LEVEL, redact: paths, serializers }, pino.transport({ targets }));
}
