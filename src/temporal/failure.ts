/** Turns what Temporal's client throws into our codes. */
import { isGrpcServiceError, NamespaceNotFoundError, ServiceError } from '@temporalio/client';
import { ImportError } from '../errors/index.js';

/** gRPC status codes, https://grpc.io/docs/guides/status-codes/ */
const CANCELLED = 1;
const DEADLINE_EXCEEDED = 4;
const NOT_FOUND = 5;
const PERMISSION_DENIED = 7;
const UNAVAILABLE = 14;
const UNAUTHENTICATED = 16;

/** The part that tells one NOT_FOUND from another. */
interface GrpcError {
  readonly metadata: { get(key: string): (string | Buffer)[] };
}

/** Failures of the connection and of our rights get their codes; every other error passes through. */
export function temporalFailure(error: unknown, address: string, namespace: string): unknown {
  if (error instanceof NamespaceNotFoundError) {
    return new ImportError('TEMPORAL_NAMESPACE_MISSING', { place: `${address}, ${namespace}` });
  }
  const cause = error instanceof ServiceError ? error.cause : error;
  if (!isGrpcServiceError(cause)) return error;
  const found = cause.details;
  switch (cause.code as number) {
    case CANCELLED:
    case DEADLINE_EXCEEDED:
    case UNAVAILABLE:
      return new ImportError('TEMPORAL_UNREACHABLE', { place: address, found, cause: error });
    case PERMISSION_DENIED:
    case UNAUTHENTICATED:
      return new ImportError('TEMPORAL_FORBIDDEN', { place: address, found, cause: error });
    case NOT_FOUND:
      return isNamespaceMissing(cause)
        ? new ImportError('TEMPORAL_NAMESPACE_MISSING', { place: `${address}, ${namespace}` })
        : error;
    default:
      return error;
  }
}

/** The client names it for the calls that it wraps; of a bare call, the kind of failure stands in its trailer. */
function isNamespaceMissing({ metadata }: GrpcError): boolean {
  return metadata
    .get('grpc-status-details-bin')
    .some((details) => details.toString('latin1').includes('NamespaceNotFoundFailure'));
}
