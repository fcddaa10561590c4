/** The API host: authentication, faults and error shapes around the methods of `services.ts`. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { ApiError, sendApiError, sendJson, sendTooManyRequests, sendWebPage } from './answers.js';
import { identify } from './authentication.js';
import type { Fault, FaultControl } from './faults.js';
import { record, type OpenRequestLog } from './request-log.js';
import { RULES_NOT_ACCEPTED, type Body, type Download, type Method } from './services.js';
import type { Account } from './types.js';

export interface ApiContext {
  readonly methods: Readonly<Record<string, Method>>;
  readonly account: Account;
  readonly faults: FaultControl;
  readonly log: OpenRequestLog[];
  /** Signed URL of a download on the storage host. */
  signedUrl(download: Download): Promise<string>;
}

export async function serveApi(
  context: ApiContext,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const entry = record(context.log, 'api', request, response);
  try {
    const service = serviceOf(request, url);
    entry.service = service;
    const body = await readBody(request);
    const dataset = datasetOf(body);
    if (dataset !== undefined) entry.dataset = dataset;
    if (body.fileName) entry.file = body.fileName;
    const fault = context.faults.take({ host: 'api', service, dataset, file: body.fileName });
    if (fault !== undefined) entry.fault = fault.kind;
    if (sendFault(request, response, fault)) return;
    await answer(context, request, response, service, body);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    sendApiError(response, error.status, error.message);
  }
}

async function answer(
  context: ApiContext,
  request: IncomingMessage,
  response: ServerResponse,
  service: string,
  body: Body,
): Promise<void> {
  const method = Object.hasOwn(context.methods, service) ? context.methods[service] : undefined;
  if (method === undefined) throw new ApiError(404, 'Not found');
  const caller = identify(request.headers.authorization, context.account);
  // The token is the question here, not the proof of who asks.
  const asksAboutToken = service.endsWith('/IntrospectToken');
  if (!asksAboutToken && (caller === 'refused' || (caller === 'anonymous' && !method.anonymous))) {
    throw new ApiError(401, 'Unauthenticated');
  }
  const result = method.answer(body);
  if ('json' in result) sendJson(response, 200, result.json);
  else {
    const location = await context.signedUrl(result.download);
    response.writeHead(302, { location, 'content-length': 0 });
    response.end();
  }
}

/** Base path `/api` as on other hosts than api.kaggle.com, or none as there. */
function serviceOf(request: IncomingMessage, url: URL): string {
  const found = /^(?:\/api)?\/v1\/([\w.]+\/\w+)$/.exec(url.pathname);
  if (!found?.[1]) throw new ApiError(404, 'Not found');
  if (request.method !== 'POST') throw new ApiError(405, 'Method not allowed');
  return found[1];
}

async function readBody(request: IncomingMessage): Promise<Body> {
  try {
    return (await json(request)) as Body;
  } catch {
    throw new ApiError(400, 'The request body is not JSON');
  }
}

function datasetOf({ ownerSlug, datasetSlug, competitionName }: Body): string | undefined {
  if (competitionName) return `competitions/${competitionName}`;
  return ownerSlug && datasetSlug ? `${ownerSlug}/${datasetSlug}` : undefined;
}

/** Answers in place of the method; false when there is no fault. */
function sendFault(
  request: IncomingMessage,
  response: ServerResponse,
  fault: Fault | undefined,
): boolean {
  if (fault === undefined) return false;
  switch (fault.kind) {
    case 'too-many-requests':
      sendTooManyRequests(response, fault.retryAfterSeconds);
      return true;
    case 'status':
      sendApiError(response, fault.status ?? 503, fault.message ?? 'Service unavailable');
      return true;
    case 'error-in-200': {
      const { code = 500, message = 'Internal error' } = fault;
      sendJson(response, 200, { code, message });
      return true;
    }
    case 'not-ready':
      sendJson(response, 200, { status: fault.status ?? 'BLOBS_RECEIVED' });
      return true;
    case 'rules-not-accepted':
      sendApiError(response, 403, RULES_NOT_ACCEPTED);
      return true;
    case 'html':
      sendWebPage(response);
      return true;
    case 'cut':
      request.socket.destroy();
      return true;
    case 'hang':
      return true;
    default:
      throw new ApiError(500, `The fault ${fault.kind} is for the storage host`);
  }
}
