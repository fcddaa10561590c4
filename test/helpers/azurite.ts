/** Starts Azurite, Microsoft's emulator of Azure Blob Storage, as a child process with its data in memory. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { freePort } from './free-port.js';

/** The account and key that every Azurite has: https://github.com/Azure/Azurite#default-storage-account */
const ACCOUNT = 'devstoreaccount1';
const KEY =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export interface Azurite {
  /** For AZURE_STORAGE_CONNECTION_STRING. */
  readonly connectionString: string;
  /** The same server with a key that it does not know. */
  readonly wrongKey: string;
  stop(): Promise<void>;
}

export async function startAzurite(): Promise<Azurite> {
  const port = await freePort();
  const main = createRequire(import.meta.url).resolve('azurite/dist/src/blob/main.js');
  // The SDK's newest protocol version is newer than the emulator; nothing of it is used here.
  const args = [
    '--inMemoryPersistence',
    '--disableTelemetry',
    '--skipApiVersionCheck',
    '--blobHost',
    '127.0.0.1',
  ];
  const child = spawn(process.execPath, [main, ...args, '--blobPort', String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    // Listens on, too: a pipe that nobody empties would stop the server.
    child.stdout.on('data', (chunk) => String(chunk).includes('successfully listens') && resolve());
    child.once('exit', (code) => reject(new Error(`Azurite ended with ${code}`)));
  });
  return {
    connectionString: connectionString(port, KEY),
    wrongKey: connectionString(port, Buffer.from('not the key').toString('base64')),
    async stop() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}

function connectionString(port: number, key: string): string {
  return [
    'DefaultEndpointsProtocol=http',
    `AccountName=${ACCOUNT}`,
    `AccountKey=${key}`,
    `BlobEndpoint=http://127.0.0.1:${port}/${ACCOUNT}`,
  ].join(';');
}
