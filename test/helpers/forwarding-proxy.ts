/** A forwarding proxy in its smallest form, for one test. */
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** Connects to `port`, if given, whatever host is asked for. */
export async function proxyTo(port?: number) {
  /** `host:port` of each tunnel. */
  const asked: string[] = [];
  const tunnel = createServer().on('connect', (request, socket) => {
    const target = request.url ?? '';
    asked.push(target);
    const upstream = connect(port ?? Number(target.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    socket.on('error', () => upstream.destroy());
    upstream.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => tunnel.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    tunnel.close();
  });
  return { asked, url: `http://127.0.0.1:${(tunnel.address() as AddressInfo).port}` };
}
