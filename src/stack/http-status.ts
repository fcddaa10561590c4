/** Asks a server of the stack over HTTP: with Node's own module, for every command asks and `fetch` takes long to load. */
import { request } from 'node:http';
import { LOOPBACK } from './ports.js';

/** @throws what Node says of a server that is not there, or does not answer in time */
export function statusOf(port: number, path: string, timeoutMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const asked = request({ host: LOOPBACK, port, path, agent: false, signal }, (response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject).end();
  });
}
