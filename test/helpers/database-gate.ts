/** A forwarder before PostgreSQL that can withhold an answer: the statement is done, and its sender cannot know. */
import { once } from 'node:events';
import { createServer, Socket, type AddressInfo } from 'node:net';

export interface DatabaseGate {
  /** For DATABASE_URL. */
  readonly url: string;
  /** Withholds the answer to the first statement that matches, until `open`. Gives when it has come. */
  holdAnswer(statement: RegExp): Promise<void>;
  open(): void;
  close(): Promise<void>;
}

/** @param target - URL of the true database */
export async function startDatabaseGate(target: string): Promise<DatabaseGate> {
  const { hostname: host, port } = new URL(target);
  const sockets = new Set<Socket>();
  let wanted: RegExp | undefined;
  let arrived = (): void => undefined;
  let release = (): void => undefined;

  const server = createServer((client) => {
    const upstream = new Socket();
    let withhold = false;
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      // A killed worker, and a killed server, break their connections in the middle of everything.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    client.on('data', (chunk) => {
      if (wanted?.test(chunk.toString('latin1'))) {
        wanted = undefined;
        withhold = true;
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (!withhold) return void client.write(chunk);
      withhold = false;
      upstream.pause();
      release = (): void => {
        client.write(chunk);
        upstream.resume();
      };
      arrived();
    });
    upstream.connect(Number(port), host);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    holdAnswer(statement) {
      wanted = statement;
      return new Promise((resolve) => (arrived = resolve));
    },
    open() {
      wanted = undefined;
      release();
      release = (): void => undefined;
    },
    async close() {
      sockets.forEach((socket) => socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}
