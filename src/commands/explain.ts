/** How an error is told: code, what, where, the next step; the stack only on request. To a person, or to a program. */
import pc from 'picocolors';
import { ImportError } from '../errors/index.js';

export interface ExplainedError {
  /** For people, on stderr. */
  readonly text: string;
  /** For programs: the field `error` of what `--json` prints. */
  readonly data: object;
  readonly exitCode: number;
}

export function explain(error: unknown, debug: boolean): ExplainedError {
  const known =
    error instanceof ImportError
      ? error
      : new ImportError('UNEXPECTED', { cause: error, found: String(error) });
  const { code, message, nextStep, exitCode, context } = known;
  const { place, expected, found } = context;
  const stack = debug ? stacks(known) : [];
  const lines = [`${pc.red(code)}: ${message}`, `${pc.bold('Next step:')} ${nextStep}`, ...stack];
  const data = { code, message, place, expected, found, nextStep, exitCode };
  return { text: lines.join('\n'), data: { ...data, ...(debug && { stack }) }, exitCode };
}

function stacks(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  return [error.stack ?? error.message, ...stacks(error.cause).map((text) => `caused by: ${text}`)];
}
