/** The one table of errors, and the one class that carries a row of it to a person. */
import { catalogErrors } from './catalog.js';
import { cacheErrors } from './cache.js';
import { configurationErrors } from './configuration.js';
import { convertErrors } from './convert.js';
import type { ErrorEntry, ExitCode } from './entry.js';
import { notifyErrors } from './notify.js';
import { publishedErrors } from './published.js';
import { sourceErrors } from './source.js';
import { stackErrors } from './stack.js';
import { storeErrors } from './store.js';
import { workflowErrors } from './workflow.js';

export type { ErrorEntry, ExitCode } from './entry.js';

export const errorTable = {
  ...configurationErrors,
  ...sourceErrors,
  ...cacheErrors,
  ...convertErrors,
  ...storeErrors,
  ...catalogErrors,
  ...publishedErrors,
  ...notifyErrors,
  ...workflowErrors,
  ...stackErrors,
};

export type ErrorCode = keyof typeof errorTable;

/** What is known of one failure beyond its code. Never put a secret here: all of it is shown and stored. */
export interface ErrorContext {
  /** Where: `file:line:column`, or dataset, file and row. */
  readonly place?: string;
  readonly expected?: string;
  readonly found?: string;
  /** Replaces the table's next step where a more exact one is known. */
  readonly nextStep?: string;
  /** The other side asked not to be called again before this many milliseconds. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** A failure with a code from the table: the only kind of error that this project throws on purpose. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
  readonly code: ErrorCode;
  readonly context: Omit<ErrorContext, 'cause'>;

  constructor(code: ErrorCode, { cause, ...context }: ErrorContext = {}) {
    super(describe(errorTable[code], context), cause === undefined ? undefined : { cause });
    this.code = code;
    this.context = context;
  }

  get retryable(): boolean {
    return errorTable[this.code].retryable;
  }

  get exitCode(): ExitCode {
    return errorTable[this.code].exitCode;
  }

  get nextStep(): string {
    return this.context.nextStep ?? errorTable[this.code].nextStep;
  }
}

function describe(entry: ErrorEntry, { place, expected, found }: ErrorContext): string {
  const evidence = [
    expected === undefined ? undefined : `expected ${expected}`,
    found === undefined ? undefined : `found ${found}`,
  ].filter((part) => part !== undefined);
  return [entry.summary, place, evidence.join(', ')].filter(Boolean).join(': ');
}
