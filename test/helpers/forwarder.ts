/** A way to a server that a test can take away, as a network or a restart does. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Forwarder {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  /** Breaks every connection, and takes no new one until `accept`. */
  readonly refuse: () => void;
  /** Takes connections and whatever comes over them, and hands nothing on any more. */
  readonly swallow: () => void;
  /** Resolves once it takes connections again. */
  readonly accept: () => Promise<void>;
}

/** @param target - `host:port` */
export async function startForwarder(target: string): Promise<Forwarder> {
  const [host, port] = target.split(':');
  const sockets = new Set<Socket>();
  let swallows = false;
  const server = createServer((near) => {
    const far = connect(Number(port), host);
    for (const socket of [near, far]) {
      sockets.add(socket.on('error', () => undefined));
      socket.on('close', () => sockets.delete(socket));
    }
    if (swallows) near.resume();
    else near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: own } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${own}`,
    refuse: () => {
      server.close();
      sockets.forEach((socket) => socket.destroy());
    },
    swallow: () => {
      swallows = true;
      sockets.forEach((socket) => socket.unpipe().resume());
    },
    accept: async () => {
      server.listen(own, '127.0.0.1');
      await once(server, 'listening');
    },
  };
}
