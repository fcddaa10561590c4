/** The storage host: serves stored objects behind signed URLs, the way Google Cloud Storage answers. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendStorageError, sendTooManyRequests, sendWebPage } from './answers.js';
import { sendBody } from './body.js';
import type { Depot } from './depot.js';
import type { Fault, FaultControl } from './faults.js';
import type { StoredObject } from './objects.js';
import { decideRange, httpDate, type ByteRange } from './ranges.js';
import { record, type OpenRequestLog } from './request-log.js';
import type { UrlSigner } from './signed-url.js';
import { variantOf } from './variants.js';

export interface StorageContext {
  readonly depot: Depot;
  readonly signer: UrlSigner;
  readonly faults: FaultControl;
  readonly log: OpenRequestLog[];
  /** Folder for variants of objects; removed by the server. */
  readonly scratch: string;
}

/** Not Content-MD5: what `wrong-md5` claims, the checksum of nothing. */
const MD5_OF_NOTHING = '1B2M2Y8AsgTpgAmY7PhCfg==';

export async function serveStorage(
  context: StorageContext,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const { depot, signer, faults, scratch } = context;
  const entry = record(context.log, 'storage', request, response);
  const shelf = depot.find(decodeURIComponent(url.pathname));
  if (shelf !== undefined) {
    entry.dataset = shelf.dataset;
    if (shelf.file !== undefined) entry.file = shelf.file;
  }
  const hasRange = request.headers.range !== undefined;
  const fault = faults.take({
    host: 'storage',
    dataset: entry.dataset,
    file: entry.file,
    hasRange,
  });
  if (fault !== undefined) entry.fault = fault.kind;

  const signature = fault?.kind === 'expired-url' ? 'expired' : signer.check(url);
  if (signature === 'expired') {
    sendStorageError(response, 400, 'ExpiredToken', 'The provided token has expired.');
  } else if (signature === 'wrong' || request.method !== 'GET') {
    const message = 'Access denied. The request signature does not match.';
    sendStorageError(response, 403, 'SignatureDoesNotMatch', message);
  } else if (shelf === undefined) {
    sendStorageError(response, 404, 'NoSuchKey', 'The specified key does not exist.');
  } else if (!sendFault(response, fault)) {
    const object = await variantOf(await shelf.object, fault, scratch);
    await sendObject(request, response, object, fault);
  }
}

/** Answers in place of the object; false when the fault leaves that to the object itself. */
function sendFault(response: ServerResponse, fault: Fault | undefined): boolean {
  if (fault?.kind === 'too-many-requests') sendTooManyRequests(response, fault.retryAfterSeconds);
  else if (fault?.kind === 'html') sendWebPage(response);
  else if (fault?.kind === 'status') {
    const message = fault.message ?? 'We encountered an internal error. Please try again.';
    sendStorageError(response, fault.status ?? 503, 'InternalError', message);
  } else return fault?.kind === 'hang' && fault.afterBytes === undefined;
  return true;
}

async function sendObject(
  request: IncomingMessage,
  response: ServerResponse,
  object: StoredObject,
  fault: Fault | undefined,
): Promise<void> {
  const decision = fault?.kind === 'ignore-range' ? 'whole' : decideRange(request.headers, object);
  if (decision === 'unsatisfiable') {
    response.setHeader('content-range', `bytes */${object.sizeBytes}`);
    const message = 'The requested range cannot be satisfied.';
    sendStorageError(response, 416, 'InvalidRange', message);
    return;
  }
  const asked: ByteRange =
    decision === 'whole' ? { start: 0, end: object.sizeBytes - 1 } : decision;
  const range = fault?.kind === 'wrong-range' ? shifted(asked, fault.byBytes ?? 1) : asked;
  response.writeHead(decision === 'whole' ? 200 : 206, {
    'content-type': object.path.endsWith('.zip') ? 'application/zip' : 'application/octet-stream',
    'last-modified': httpDate(object.modifiedMs),
    etag: object.etag,
    'accept-ranges': 'bytes',
    'x-goog-hash': `md5=${fault?.kind === 'wrong-md5' ? MD5_OF_NOTHING : object.md5Base64}`,
    ...(fault?.kind !== 'endless' && { 'content-length': announcedLength(range, fault) }),
    ...(decision !== 'whole' && {
      'content-range': `bytes ${range.start}-${range.end}/${object.sizeBytes}`,
    }),
  });
  // A client may wait for the headers before it decides to read on.
  response.flushHeaders();
  await sendBody(response, object, range, fault);
}

function announcedLength({ start, end }: ByteRange, fault: Fault | undefined): number {
  const wrongBy = fault?.kind === 'wrong-length' ? (fault.byBytes ?? 100) : 0;
  return end - start + 1 + wrongBy;
}

function shifted({ start, end }: ByteRange, byBytes: number): ByteRange {
  return { start: Math.min(start + byBytes, end), end };
}
