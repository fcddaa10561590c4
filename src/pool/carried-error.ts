/** An error on its way between two processes: a structured clone keeps neither class nor code. */
import { ImportError, type ErrorCode, type ErrorContext } from '../errors/index.js';

export interface CarriedError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** Of an `ImportError`. */
  readonly known?: { readonly code: ErrorCode; readonly context: Omit<ErrorContext, 'cause'> };
  /** Of an error of the system: `code`, `syscall`. */
  readonly system?: { readonly code?: string; readonly syscall?: string };
  readonly cause?: CarriedError;
}

/** Deeper ones say nothing more, and a circle must end. */
const MAX_CAUSES = 5;

export function carry(error: unknown, causes = MAX_CAUSES): CarriedError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message, stack, cause } = error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  const system = {
    ...(typeof code === 'string' && { code }),
    ...(typeof syscall === 'string' && { syscall }),
  };
  return {
    name,
    message,
    ...(stack !== undefined && { stack }),
    ...(error instanceof ImportError
      ? { known: { code: error.code, context: error.context } }
      : { system }),
    ...(cause !== undefined && causes > 0 && { cause: carry(cause, causes - 1) }),
  };
}

/** The same code, context, message, causes and stack again. */
export function arrived({ name, message, stack, known, system, cause }: CarriedError): Error {
  const because = cause && { cause: arrived(cause) };
  const error = known
    ? new ImportError(known.code, { ...known.context, ...because })
    : Object.assign(new Error(message, because), { name }, system);
  if (stack !== undefined) error.stack = stack;
  return error;
}
