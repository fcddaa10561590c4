/** A Kaggle-compatible server on loopback: the API on one port, its storage host on another. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serveApi } from './api.js';
import { SAMPLE_ACCOUNT } from './authentication.js';
import { serveControl } from './control.js';
import { Depot } from './depot.js';
import { FaultControl } from './faults.js';
import { Library } from './library.js';
import type { OpenRequestLog } from './request-log.js';
import { createMethods } from './services.js';
import { UrlSigner } from './signed-url.js';
import { serveStorage } from './storage.js';
import type { KaggleServer, KaggleServerOptions } from './types.js';

export { SAMPLE_ACCOUNT } from './authentication.js';
export { FaultControl, type Fault, type FaultKind, type FaultMatch } from './faults.js';
export type * from './types.js';

const HOST = '127.0.0.1';
const URL_LIFETIME_MS = 259_200_000;
const ZIP_FILES_FROM_BYTES = 65_536;

/**
 * Starts both listeners and reads every dataset.
 * @throws Error of the system when the port is taken or the folder cannot be read
 */
export async function startKaggleServer(options: KaggleServerOptions = {}): Promise<KaggleServer> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'kaggle-server-'));
  const library = new Library(scratch);
  const log: OpenRequestLog[] = [];
  const faults = new FaultControl();
  const depot = new Depot(scratch, options.zipFilesFromBytes ?? ZIP_FILES_FROM_BYTES);
  const signer = new UrlSigner(options.urlLifetimeMs ?? URL_LIFETIME_MS);
  const account = options.account ?? SAMPLE_ACCOUNT;
  const storageContext = { depot, signer, faults, log, scratch };
  const storage = createServer(
    guarded((request, response) =>
      serveStorage(storageContext, request, response, new URL(request.url ?? '/', storageUrl)),
    ),
  );
  const apiContext = {
    methods: createMethods(library, account),
    account,
    faults,
    log,
    signedUrl: async (download: Parameters<Depot['place']>[0]) =>
      signer.sign(storageUrl, await depot.place(download)),
  };
  const api = createServer(
    guarded(async (request, response) => {
      // Absolute when this port is used as a proxy; then storage calls come here as well.
      const url = new URL(request.url ?? '/', `http://${HOST}`);
      if (url.origin === storageUrl) await serveStorage(storageContext, request, response, url);
      else if (!(await serveControl(apiContext, request, response, url))) {
        await serveApi(apiContext, request, response, url);
      }
    }),
  );
  let storageUrl = '';
  const close = async (): Promise<void> => {
    await Promise.all([stop(api), stop(storage)]);
    await rm(scratch, { recursive: true, force: true });
  };
  try {
    if (options.datasetsDirectory !== undefined) {
      await library.readDirectory(options.datasetsDirectory);
    }
    for (const fixture of options.datasets ?? []) await library.addFixture(fixture);
    storageUrl = `http://${HOST}:${await listen(storage, 0)}`;
    const port = await listen(api, options.port ?? 0);
    return {
      url: `http://${HOST}:${port}/api`,
      port,
      storageUrl,
      requests: log,
      faults,
      publishVersion: (ref, files) => library.publishVersion(ref, files),
      acceptRules: (slug, accepted = true) => library.acceptRules(slug, accepted),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A bug in a handler answers 500 instead of leaving the caller waiting. */
function guarded(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end(String(error));
    });
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => resolve((server.address() as AddressInfo).port));
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
