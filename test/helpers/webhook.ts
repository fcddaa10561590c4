/** A webhook on loopback that keeps what it is sent, for one test. */
import { json } from 'node:stream/consumers';
import { httpServer } from './http-server.js';

/** Part of every address given here: where it turns up, a secret has leaked. */
export const WEBHOOK_SECRET = 'T0SECRET';

/** @param status - of the answers, one after the other; the last one from then on */
export async function webhook(
  status: readonly number[] = [200],
  tls?: Parameters<typeof httpServer>[1],
) {
  const messages: unknown[] = [];
  const server = await httpServer((request, response) => {
    void json(request).then((message) => {
      messages.push(message);
      response.writeHead(status[messages.length - 1] ?? status.at(-1)!);
      // As servers do that name what they do not know.
      response.end(`cannot take ${request.url}`);
    });
  }, tls);
  const url = `${server.url}/services/${WEBHOOK_SECRET}?sig=${WEBHOOK_SECRET}`;
  return { url, port: server.port, messages, requests: server.requests };
}
