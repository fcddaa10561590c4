/** Finds processes of this stack that no record knows, as a kill -9 of `up` can leave them. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { STACK_MARKER } from './launch.js';
import { identify, isAlive, type ProcessIdentity } from '../locks/process-identity.js';
import { terminate, waitForExit } from './end-process.js';
import type { StackRecord } from './state-file.js';
import type { ReportProgress } from './types.js';

const GRACE_MS = 15_000;
/** PostgreSQL's processes end by themselves when their leader has gone. */
const BACKEND_GRACE_MS = 10_000;

/** Ends them: two servers on one data folder would destroy it. */
export async function stopOrphans(
  directory: string,
  record: StackRecord,
  onProgress: ReportProgress,
): Promise<void> {
  const services = Object.values(record.services).filter(({ isEnding }) => !isEnding);
  const known = [...services, ...(record.worker ? [record.worker] : [])]
    .filter(isAlive)
    .map(({ pid }) => pid);
  const orphans = markedProcesses(directory).filter(({ pid }) => !known.includes(pid));
  const postmaster = postmasterOf(directory);
  if (postmaster && !known.includes(postmaster.pid)) {
    onProgress(`postgres: stopping process ${postmaster.pid}, left by a start that was killed`);
    await terminate(postmaster, 'SIGINT', GRACE_MS);
  }
  for (const orphan of orphans) {
    if (isPostgresBackend(orphan.pid, known)) continue;
    onProgress(`Stopping process ${orphan.pid}, left by a start that was killed`);
    await terminate(orphan, 'SIGTERM', GRACE_MS);
  }
}

/**
 * To be called right before the server starts. Waits for the processes of a killed one, and removes
 * a lock file that PostgreSQL would take for a running server: it refuses to start while any
 * process has the pid, be it a stranger's or a killed server's that nobody has reaped yet.
 */
export async function clearPostgresLeftovers(directory: string): Promise<void> {
  await Promise.all(backendsIn(directory).map((backend) => waitForExit(backend, BACKEND_GRACE_MS)));
  const lock = postmasterLock(directory);
  if (lock && pidIsTaken(lock.pid) && !postmasterOf(directory)) rmSync(lock.file);
}

function pidIsTaken(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Processes whose environment carries the marker of this stack. */
export function markedProcesses(directory: string): ProcessIdentity[] {
  const marker = `${STACK_MARKER}=${directory}`;
  const pids =
    process.platform === 'linux'
      ? linuxPids().filter((pid) => readProc(pid, 'environ').split('\0').includes(marker))
      : pidsFromPs(marker);
  return pids.filter((pid) => pid !== process.pid).flatMap((pid) => identify(pid) ?? []);
}

/** Leader of the server that holds the data folder; the pid in a stale lock may be anybody's. */
function postmasterOf(directory: string): ProcessIdentity | undefined {
  const lock = postmasterLock(directory);
  return lock && commandLine(lock.pid).includes(lock.data) ? identify(lock.pid) : undefined;
}

/** PostgreSQL's own lock file: its first line is the pid of the leader. */
function postmasterLock(directory: string) {
  const link = join(directory, 'postgres');
  const file = join(link, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  return { file, data: realpathSync(link), pid: Number(readFileSync(file, 'utf8').split('\n')[0]) };
}

/** A child of a server that we keep. */
function isPostgresBackend(pid: number, known: readonly number[]): boolean {
  return known.includes(parentOf(pid));
}

/** PostgreSQL's processes without a leader: each works inside the data folder. */
function backendsIn(directory: string): ProcessIdentity[] {
  const data = join(directory, 'postgres');
  if (process.platform !== 'linux' || !existsSync(data)) return [];
  const place = realpathSync(data);
  return linuxPids()
    .filter((pid) => workingDirectory(pid) === place)
    .flatMap((pid) => identify(pid) ?? []);
}

function linuxPids(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

/** Empty when the process has ended or belongs to somebody else. */
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function workingDirectory(pid: number): string | undefined {
  try {
    return realpathSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

function commandLine(pid: number): string {
  if (process.platform === 'linux') return readProc(pid, 'cmdline');
  return ps(['-ww', '-o', 'command=', '-p', String(pid)]);
}

function parentOf(pid: number): number {
  if (process.platform !== 'linux') return Number(ps(['-o', 'ppid=', '-p', String(pid)]));
  const stat = readProc(pid, 'stat');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** `-E` adds the environment of the user's own processes to the command (macOS, ps(1)). */
function pidsFromPs(marker: string): number[] {
  return ps(['-axEww', '-o', 'pid=,command='])
    .split('\n')
    .filter((line) => ` ${line} `.includes(` ${marker} `))
    .map((line) => Number.parseInt(line, 10));
}

function ps(args: readonly string[]): string {
  try {
    return execFileSync('ps', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}
