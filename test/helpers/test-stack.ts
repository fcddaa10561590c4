/** Starts an isolated embedded stack in a temporary folder, for one test file or for the whole run. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startStack, stackEnvironment, stopStack } from '../../src/stack/index.js';
import type { ServiceName, StackOptions, StackState } from '../../src/stack/index.js';
import { writeRecord, type StackRecord } from '../../src/stack/state-file.js';
import { freePort } from './free-port.js';

export interface TestStack {
  /** Absolute path of `.stack`. */
  readonly directory: string;
  readonly state: StackState;
  /** TEMPORAL_ADDRESS, DATABASE_URL, MINIO_ENDPOINT ... of the services asked for. */
  readonly environment: Record<string, string>;
  /** Stops every process and deletes the folder. */
  readonly stop: () => Promise<void>;
}

/** A fresh absolute path for `.stack`, in a folder that the user of PostgreSQL may enter. */
export async function temporaryStackDirectory(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kaggle-import-stack-'));
  await chmod(folder, 0o711);
  return join(folder, '.stack');
}

export function testStackOptions(
  directory: string,
  services: readonly ServiceName[],
  onProgress: (line: string) => void = () => undefined,
): StackOptions {
  return {
    directory,
    services,
    samplesDirectory: fileURLToPath(new URL('../../samples', import.meta.url)),
    toolPaths: {
      ...(process.env['TEMPORAL_CLI'] && { temporal: process.env['TEMPORAL_CLI'] }),
      ...(process.env['MINIO_BINARY'] && { minio: process.env['MINIO_BINARY'] }),
    },
    cacheDirectory: process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
    onProgress,
    signal: new AbortController().signal,
  };
}

/** A start takes the ports of the last time first: from then on these, which nobody is given while a server is down. */
async function reservePorts(directory: string, services: readonly ServiceName[]): Promise<void> {
  const ended = { pid: process.pid, startTime: 'long ago', log: '/nowhere' };
  const entries: [ServiceName, StackRecord['services'][ServiceName]][] = [];
  for (const name of services) {
    entries.push([name, { ...ended, port: await freePort(), uiPort: await freePort() }]);
  }
  writeRecord(directory, { services: Object.fromEntries(entries) });
}

export async function startTestStack({
  services,
  onProgress,
  keepsPorts = false,
}: {
  services: readonly ServiceName[];
  onProgress?: (line: string) => void;
  /** For tests whose servers go away and come back. */
  keepsPorts?: boolean;
}): Promise<TestStack> {
  const directory = await temporaryStackDirectory();
  if (keepsPorts) await reservePorts(directory, services);
  const state = await startStack(testStackOptions(directory, services, onProgress));
  return {
    directory,
    state,
    environment: stackEnvironment(state),
    stop: async () => {
      await stopStack(directory, { onProgress: () => undefined });
      await rm(join(directory, '..'), { recursive: true, force: true });
    },
  };
}
