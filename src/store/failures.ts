/** What the libraries of both backends throw, translated into the table of errors. */
import { ImportError, type ErrorCode } from '../errors/index.js';
import { firstCharacters } from '../first-characters.js';

const FORBIDDEN =
  /^(AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch|AuthenticationFailed|AuthorizationFailure|AuthorizationPermissionMismatch|InvalidAuthenticationInfo|RequestTimeTooSkewed|AccountIsDisabled|CredentialUnavailableError|AuthenticationRequiredError)$/;
const BUCKET_MISSING = /^(NoSuchBucket|ContainerNotFound)$/;
const OBJECT_MISSING = /^(NoSuchKey|NotFound|BlobNotFound)$/;
const FULL =
  /^(XMinioStorageFull|XMinioAdminBucketQuotaExceeded|QuotaExceeded|InsufficientStorage|AccountBeingFull)$/;
/** Node's and OpenSSL's codes: the bytes never reached a store that understood them. */
const NETWORK =
  /^(E(CONN|NOT|AI_|HOST|NET|PIPE|PROTO|TIMEDOUT|ADDR)|HPE_|CERT_|ERR_(SSL|TLS)|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|REQUEST_SEND_ERROR|PARSE_ERROR)/;

/** The error's own code: `NoSuchBucket`, `ECONNREFUSED`, ... */
export function failureCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if (error instanceof AggregateError && error.errors.length > 0) {
    return failureCode(error.errors[0]);
  }
  const { code, details } = error as { code?: unknown; details?: { errorCode?: unknown } };
  if (typeof details?.errorCode === 'string') return details.errorCode;
  return typeof code === 'string' && code !== '' ? code : error.name;
}

/**
 * Runs a call to the store; rejects with the signal's reason when cancelled, else with an ImportError that
 * names endpoint and bucket.
 */
export async function translated<T>(
  place: string,
  signal: AbortSignal | undefined,
  call: () => Promise<T>,
): Promise<T> {
  try {
    signal?.throwIfAborted();
    return await call();
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof ImportError) throw error;
    throw storeFailure(place, error);
  }
}

function storeFailure(place: string, error: unknown): ImportError {
  const code = failureCode(error);
  const found = [code, firstLine(error)].filter(Boolean).join(': ');
  // Without `cause`: the Azure SDK's errors hold the request with its authorization header.
  return new ImportError(codeOf(code, error), { place, found });
}

function codeOf(code: string, error: unknown): ErrorCode {
  const { statusCode } = error as { statusCode?: unknown };
  if (FORBIDDEN.test(code) || statusCode === 401) return 'STORE_FORBIDDEN';
  if (BUCKET_MISSING.test(code)) return 'STORE_BUCKET_MISSING';
  if (OBJECT_MISSING.test(code)) return 'OBJECT_MISSING';
  if (FULL.test(code) || statusCode === 507) return 'STORE_FULL';
  if (NETWORK.test(code)) return 'STORE_UNREACHABLE';
  // The S3 client's words for 429 and 5xx, which are a store that is down or overloaded.
  if (/Retryable HTTP status/.test(firstLine(error))) return 'STORE_UNREACHABLE';
  return 'STORE_FAILED';
}

/** Later lines hold request dumps. */
function firstLine(error: unknown): string {
  const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return firstCharacters(first, 200);
}
