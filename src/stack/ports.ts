/** Chooses ports on loopback: the usual one, or a free one when another program has it. */
import { createServer, connect } from 'node:net';

export const LOOPBACK = '127.0.0.1';

/**
 * The first of `preferred` that can be bound and is not in `reserved`, or one that the system
 * gives. The answer is added to `reserved`, so that services started together do not meet.
 */
export async function choosePort(
  preferred: readonly (number | undefined)[],
  reserved: Set<number>,
): Promise<number> {
  for (const port of preferred) {
    if (port === undefined || reserved.has(port)) continue;
    // Taken before the await: choices run side by side.
    reserved.add(port);
    if ((await bind(port)) !== undefined) return port;
  }
  for (;;) {
    const port = await bind(0);
    if (port === undefined || reserved.has(port)) continue;
    reserved.add(port);
    return port;
  }
}

/** The port bound for a moment, or undefined when it is taken. */
async function bind(port: number): Promise<number | undefined> {
  // Binding to 127.0.0.1 succeeds beside a listener on all addresses (macOS), so ask that one too.
  if (port !== 0 && (await answers(port))) return undefined;
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}

/** True when something accepts connections on the port. */
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: LOOPBACK, timeout: 1000 });
    const finish = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    socket.once('timeout', () => finish(false));
  });
}
