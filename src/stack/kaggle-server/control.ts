/** The server's own paths, for other processes: health, the request log, and faults over HTTP. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { sendApiError, sendJson } from './answers.js';
import { isFaultKind, type Fault, type FaultControl } from './faults.js';
import type { RequestLog } from './types.js';

/** Serves `/healthz`, `/__faults` and `/__requests`; false for every other path. */
export async function serveControl(
  { faults, log }: { faults: FaultControl; log: RequestLog[] },
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<boolean> {
  switch (`${request.method} ${url.pathname}`) {
    case 'GET /healthz':
      sendJson(response, 200, { status: 'ok' });
      return true;
    case 'GET /__requests':
      sendJson(response, 200, log);
      return true;
    case 'DELETE /__requests':
      log.length = 0;
      sendJson(response, 200, {});
      return true;
    case 'GET /__faults':
      sendJson(response, 200, faults.pending);
      return true;
    case 'DELETE /__faults':
      faults.clear();
      sendJson(response, 200, {});
      return true;
    case 'POST /__faults':
      await addFault(faults, request, response);
      return true;
    default:
      return false;
  }
}

async function addFault(
  faults: FaultControl,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const fault = (await json(request)) as Partial<Fault>;
  if (!isFaultKind(fault.kind)) {
    sendApiError(response, 400, `Unknown kind of fault: ${String(fault.kind)}`);
    return;
  }
  faults.add(fault as Fault);
  sendJson(response, 200, {});
}
