/** The link of one host: a proxy over which all its connections together get so many bytes a second. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

export interface SlowLink {
  /** For HTTP_PROXY. */
  readonly url: string;
  /** Bytes that have come over it. */
  readonly received: () => number;
  readonly close: () => Promise<void>;
}

export async function startSlowLink(bytesPerSecond: number): Promise<SlowLink> {
  const sockets = new Set<Socket>();
  let received = 0;
  let freeAt = 0;
  /** One after another, as packets are. */
  const turn = async (bytes: number): Promise<void> => {
    received += bytes;
    const now = performance.now();
    freeAt = Math.max(now, freeAt) + (1000 * bytes) / bytesPerSecond;
    await sleep(freeAt - now);
  };
  const proxy = createServer().on('connect', (request, near: Socket) => {
    const { hostname, port } = new URL(`http://${request.url}`);
    const far = connect(Number(port), hostname, () => {
      near.write('HTTP/1.1 200 OK\r\n\r\n');
      const slow = new Transform({
        transform: (chunk: Buffer, _encoding, done) =>
          void turn(chunk.length).then(() => done(null, chunk)),
      });
      near.pipe(far).pipe(slow).pipe(near);
    });
    for (const socket of [near, far]) {
      sockets.add(socket.on('error', () => undefined));
      socket.on('close', () => [near, far].forEach((other) => other.destroy()));
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    received: () => received,
    async close() {
      sockets.forEach((socket) => socket.destroy());
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
