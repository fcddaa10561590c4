/** A port of loopback that nobody listens on, for a server that cannot choose its own. */
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below those that systems give to whoever asks for any (32768 and above), so that nobody is given it meanwhile. */
const FIRST = 20_000;
const COUNT = 12_000;
/** Test processes that run side by side begin far from each other. */
let tried = process.pid * 16;

export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + (tried++ % COUNT);
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch {
      continue;
    }
    server.close();
    await once(server, 'close');
    return port;
  }
}
