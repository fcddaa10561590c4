/** Sends the requests of the Azure client our way: with our proxies, authorities, time limits and counters. */
import type { IHttpClient, WebResource } from '@azure/storage-blob';
import { readText, type HttpClient } from '../http/client.js';

/** Lists and reads only: what a source asks for has no body. */
export function azureTransport(http: HttpClient): IHttpClient {
  return {
    async sendRequest(request) {
      const signal = signalOf(request);
      const response = await http.send({
        url: request.url,
        method: request.method === 'HEAD' ? 'HEAD' : 'GET',
        headers: request.headers.toJson(),
        redirect: 'return',
        signal,
      });
      const { status, body } = response;
      // Its class is not exported: an emptied copy takes what came.
      const headers = request.headers.clone();
      headers.headerNames().forEach((name) => headers.remove(name));
      Object.entries(response.headers).forEach(([name, value]) => headers.set(name, value));
      const answer = { request, status, headers };
      const { streamResponseStatusCodes: streamed } = request;
      if (streamed?.has(status) || streamed?.has(Number.POSITIVE_INFINITY)) {
        return { ...answer, readableStreamBody: body };
      }
      return { ...answer, bodyAsText: await readText(response, signal) };
    },
  };
}

/** The client hands on a signal of its own that follows ours. */
function signalOf({ abortSignal }: WebResource): AbortSignal {
  if (abortSignal instanceof AbortSignal) return abortSignal;
  const controller = new AbortController();
  abortSignal?.addEventListener('abort', () => controller.abort());
  return controller.signal;
}
