/** Waits for processes of ours to end, and ends them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from '../locks/process-identity.js';

const POLL_MS = 40;

/** True when the process ended within `timeoutMs`. */
export async function waitForExit(identity: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isAlive(identity)) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/** Asks the process to end with `signal`, waits up to `graceMs`, then kills it with its group. */
export async function terminate(
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
  graceMs: number,
): Promise<void> {
  if (!isAlive(identity)) return;
  send(identity.pid, signal);
  if (await waitForExit(identity, graceMs)) return;
  killGroup(identity.pid);
  send(identity.pid, 'SIGKILL');
  await waitForExit(identity, 10_000);
}

/** Every program of the stack leads a process group of its own, so that its children end with it. */
export function killGroup(leader: number): void {
  send(-leader, 'SIGKILL');
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
