/** Turns failed requests, system errors and HTTP statuses into our codes. */
import { ImportError, type ErrorContext } from '../../errors/index.js';
import { parseRetryAfter } from '../../network/retry-after.js';
import { inWords, systemCode } from '../../network/trouble.js';
import { firstCharacters } from '../../first-characters.js';

const TLS_CODE = /^(CERT_|ERR_TLS|ERR_SSL|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|EPROTO)/;

/** Throws what a request that got no answer means; an abort passes through as it is. */
export function requestFailure(error: unknown, place: string, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current instanceof ImportError) return current;
  }
  const code = systemCode(error) ?? (error instanceof Error ? error.message : String(error));
  const kind = TLS_CODE.test(code) ? 'SOURCE_TLS_FAILED' : 'SOURCE_UNREACHABLE';
  return new ImportError(kind, { place, found: inWords(code), cause: error });
}

/**
 * What an HTTP status above 399 means. 403 is SOURCE_FORBIDDEN; callers that know better say so before.
 * @param said - the other side's own words
 */
export function statusFailure(
  status: number,
  { place, said, retryAfter }: { place: string; said?: string; retryAfter?: string | undefined },
): ImportError {
  const retryAfterMs = parseRetryAfter(retryAfter);
  const context: ErrorContext = {
    place,
    found: said ? `HTTP ${status}: ${firstCharacters(said, 300)}` : `HTTP ${status}`,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
  if (status === 401) return new ImportError('CREDENTIALS_REJECTED', context);
  if (status === 403) return new ImportError('SOURCE_FORBIDDEN', context);
  if (status === 404) return new ImportError('SOURCE_NOT_FOUND', context);
  if (status === 410) return new ImportError('SOURCE_GONE', context);
  if (status === 429) return new ImportError('RATE_LIMITED', context);
  if (status === 408 || status >= 500) return new ImportError('SOURCE_SERVER_ERROR', context);
  return new ImportError('SOURCE_REFUSED', context);
}
