/** How an error is told to a person: code, what, where, the next step; the stack only on request. */
import pc from 'picocolors';
import { ImportError } from '../errors/index.js';

export function explain(error: unknown, debug: boolean): { text: string; exitCode: number } {
  const known =
    error instanceof ImportError
      ? error
      : new ImportError('UNEXPECTED', { cause: error, found: String(error) });
  const lines = [
    `${pc.red(known.code)}: ${known.message}`,
    `${pc.bold('Next step:')} ${known.nextStep}`,
    ...(debug ? stacks(known) : []),
  ];
  return { text: lines.join('\n'), exitCode: known.exitCode };
}

function stacks(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  return [error.stack ?? error.message, ...stacks(error.cause).map((text) => `caused by: ${text}`)];
}
