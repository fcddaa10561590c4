/** Where lines of Temporal's SDK go in our log: what workflows say of imports as it is, the SDK's own news at debug. */
import { DefaultLogger, type LogEntry, type LogLevel } from '@temporalio/worker';
import { SdkComponent } from '@temporalio/common';
import type { Logger } from '../log.js';

const LEVELS = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
} as const;

/** What the SDK adds to a line of ours; the ids, which find the run in the Web UI, stay. */
const ADDED_BY_SDK = ['sdkComponent', 'namespace', 'taskQueue', 'workflowType'];

export function sdkLogger(log: Logger): DefaultLogger {
  const lowest: LogLevel = log.isLevelEnabled('debug') ? 'DEBUG' : 'INFO';
  return new DefaultLogger(lowest, (entry) => {
    const { level, message, meta = {} } = entry;
    const isOurs = meta['sdkComponent'] === SdkComponent.workflow;
    const noise = !isOurs && level === 'INFO';
    log[noise ? 'debug' : LEVELS[level]](isOurs ? factsOf(meta) : { ...meta }, message);
  });
}

function factsOf(meta: NonNullable<LogEntry['meta']>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(meta).filter(([key]) => !ADDED_BY_SDK.includes(key)));
}
