/** What the S3 and Azure clients throw, in the codes of the sources. */
import { ImportError } from '../../errors/index.js';
import { systemCode } from '../../network/trouble.js';
import { requestFailure, statusFailure } from '../http/failures.js';

const STATUS: Readonly<Record<string, number>> = {
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NotFound: 404,
  ContainerNotFound: 404,
  BlobNotFound: 404,
  AccessDenied: 403,
  InvalidAccessKeyId: 401,
  SignatureDoesNotMatch: 401,
  AuthenticationFailed: 401,
};

/** Without the cause: the clients' errors hold requests with their Authorization header. */
export function objectFailure(error: unknown, place: string, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof ImportError) return error;
  const { statusCode } = error as { statusCode?: unknown };
  const code = systemCode(error) ?? (error instanceof Error ? error.name : '');
  const status = STATUS[code] ?? (typeof statusCode === 'number' ? statusCode : undefined);
  if (status !== undefined && status >= 400) return statusFailure(status, { place, said: code });
  const failure = requestFailure(error, place, signal);
  if (!(failure instanceof ImportError)) return failure;
  return new ImportError(failure.code, failure.context);
}
