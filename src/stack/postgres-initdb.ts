/** Fills a new PostgreSQL data folder, and leaves no process behind when it must stop. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { ImportError } from '../errors/index.js';
import { markedEnvironment } from './launch.js';
import type { SystemUser } from './postgres-user.js';
import { killGroup } from './end-process.js';

export interface Cluster {
  /** Absolute path of `.stack`. */
  readonly directory: string;
  readonly binaries: string;
  readonly user: SystemUser | undefined;
  readonly password: string;
  readonly signal: AbortSignal;
}

/**
 * `data` exists and is empty. Once this returns or throws, no process works there any more.
 * Thrown: STACK_SERVICE_FAILED with what initdb says, the signal's reason.
 */
export async function runInitdb(cluster: Cluster, data: string): Promise<void> {
  const secretFolder = mkdtempSync(join(tmpdir(), 'kaggle-import-'));
  const passwordFile = join(secretFolder, 'password');
  try {
    writeFileSync(passwordFile, `${cluster.password}\n`, { mode: 0o600 });
    if (cluster.user) {
      chownSync(passwordFile, cluster.user.uid, cluster.user.gid);
      chownSync(secretFolder, cluster.user.uid, cluster.user.gid);
    }
    await runToTheEnd(cluster, [
      ...['--pgdata', data, '--username', 'postgres', '--pwfile', passwordFile],
      ...['--auth', 'scram-sha-256', '--encoding', 'UTF8'],
      // The same order of text on every machine, without the system's locales.
      ...['--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
    ]);
  } finally {
    rmSync(secretFolder, { recursive: true, force: true });
  }
}

async function runToTheEnd(
  { directory, binaries, user, signal }: Cluster,
  args: readonly string[],
): Promise<void> {
  signal.throwIfAborted();
  const initdb = spawn(join(binaries, 'bin', 'initdb'), args, {
    ...{ ...user, cwd: '/', env: markedEnvironment(directory) },
    // A group of its own: the servers that initdb starts are to end with it.
    detached: true,
    // The last pipe is for nothing but its end: all of them inherit it, also those whose output
    // initdb sends elsewhere, so that 'close' comes when the last one has gone.
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const stop = (): void => {
    if (initdb.pid !== undefined) killGroup(initdb.pid);
  };
  signal.addEventListener('abort', stop);
  try {
    (initdb.stdio[3] as Readable).resume();
    const closed = once(initdb, 'close') as Promise<[number | null]>;
    const [[exitCode], message] = await Promise.all([closed, text(initdb.stdio[2] as Readable)]);
    signal.throwIfAborted();
    if (exitCode !== 0) throw initdbFailed(message.trim() || `it ended with ${exitCode}`);
  } catch (cause) {
    signal.throwIfAborted();
    throw cause instanceof ImportError ? cause : initdbFailed(String(cause), cause);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function initdbFailed(found: string, cause?: unknown): ImportError {
  return new ImportError('STACK_SERVICE_FAILED', {
    place: 'postgres',
    expected: 'initdb to create the data folder',
    found,
    cause,
  });
}
