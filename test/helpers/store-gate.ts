/** A forwarder before the object store that can hold a request: the moment at which a test kills or cancels. */
import { once } from 'node:events';
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StoreGate {
  /** For MINIO_ENDPOINT. */
  readonly endpoint: string;
  /** Holds requests whose `METHOD /path` matches, until `open`. Gives when the first one has come. */
  hold(pattern: RegExp): Promise<void>;
  /** How many requests are held whose senders still wait: a process of the pool outlives its worker by a moment. */
  held(): number;
  /** Breaks what is held, and every request from now on, until `open`. */
  breakAll(): void;
  open(): void;
  /** How many requests whose `METHOD /path` matches the store has answered through it. */
  answered(pattern?: RegExp): number;
  close(): Promise<void>;
}

/** @param target - `host:port` of the true store; signatures stay valid, because headers are not touched */
export async function startStoreGate(target: string): Promise<StoreGate> {
  const [host, port] = target.split(':');
  let pattern: RegExp | undefined;
  let arrived = (): void => undefined;
  const waiting = new Set<() => void>();
  let broken = false;
  const answers: string[] = [];

  const mayPass = async (
    { method, url }: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    if (!pattern?.test(`${method} ${url}`)) return;
    await new Promise<void>((resolve) => {
      waiting.add(resolve);
      response.once('close', () => waiting.delete(resolve));
      arrived();
    });
  };
  const server = createServer((request, response) => {
    // A killed worker breaks its connections in the middle of everything.
    request.on('error', () => undefined);
    void mayPass(request, response).then(() => {
      if (response.destroyed) return;
      // Not in the middle of its body: that would be seen as one of several errors, as chance has it.
      if (broken) return void request.on('end', () => response.destroy()).resume();
      const { method, url: path, headers } = request;
      const upstream = forward({ host, port, method, path, headers }, (answer) => {
        answers.push(`${method} ${path}`);
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      });
      upstream.on('error', () => response.destroy());
      response.on('close', () => upstream.destroy());
      request.pipe(upstream);
    });
  });
  const release = (): void => {
    pattern = undefined;
    waiting.forEach((pass) => pass());
    waiting.clear();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    held: () => waiting.size,
    hold(wanted) {
      pattern = wanted;
      return new Promise((resolve) => (arrived = resolve));
    },
    answered: (wanted = /^/) => answers.filter((one) => wanted.test(one)).length,
    breakAll() {
      broken = true;
      release();
    },
    open() {
      broken = false;
      release();
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
