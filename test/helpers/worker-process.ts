/** The worker as it ships, in a process of its own that a test may kill. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../../dist/worker.js', import.meta.url));

export interface WorkerProcess {
  readonly pid: number;
  readonly isAlive: () => boolean;
  /** Resolves at its end, whoever brings it about. */
  readonly ended: Promise<void>;
  /** What it has printed so far. */
  readonly output: () => string;
  /** Pids of the processes in which it works on bytes. */
  readonly processes: () => number[];
  /** The one of them that has a file below the folder open. */
  readonly workingIn: (folder: string) => number | undefined;
  /** kill -9: nothing of it runs any more. */
  kill(): Promise<void>;
  /** As `make down` and Kubernetes do; gives the exit code. */
  stop(): Promise<number | null>;
}

/** Resolves once it takes tasks. `environment` is all that it gets besides PATH and HOME. */
export async function startWorkerProcess(
  environment: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [entry, ...args], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      UV_THREADPOOL_SIZE: '8',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit').then(() => undefined);
  let output = '';
  const ready = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes('worker ready')) resolve();
      });
    }
    child.once('exit', () => reject(new Error(`The worker ended:\n${output}`)));
  });
  await ready;
  return {
    pid: child.pid!,
    isAlive: () => isAlive(child),
    ended,
    output: () => output,
    processes: () => childrenOf(child.pid!),
    workingIn: (folder) => childrenOf(child.pid!).find((pid) => hasOpen(pid, folder)),
    kill: async () => void (await end(child, 'SIGKILL')),
    stop: () => end(child, 'SIGTERM'),
  };
}

function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (isAlive(child)) {
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
  return child.exitCode;
}

function hasOpen(pid: number, folder: string): boolean {
  try {
    const fds = `/proc/${pid}/fd`;
    return readdirSync(fds).some((fd) => readlinkSync(join(fds, fd)).startsWith(folder));
  } catch {
    // Closed, or ended, since it was listed.
    return false;
  }
}
