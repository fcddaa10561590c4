/** Tells whether an answer on a port comes from our process, or from another that was faster to bind it. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** The state LISTEN in /proc/net/tcp (include/net/tcp_states.h). */
const LISTEN = '0A';

export function listensOn(pid: number, port: number): boolean {
  try {
    return process.platform === 'linux'
      ? listensByProc(pid, port)
      : listenersByLsof(port).includes(String(pid));
  } catch {
    // The process has just ended.
    return false;
  }
}

/** proc(5): the table names a socket's inode, and a process's descriptors link to `socket:[inode]`. */
function listensByProc(pid: number, port: number): boolean {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const sockets = ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local, , state]) => local?.endsWith(suffix) && state === LISTEN)
      .map((fields) => `socket:[${fields[9]}]`),
  );
  return readdirSync(`/proc/${pid}/fd`).some((fd) => sockets.includes(target(pid, fd)));
}

/** Empty for a descriptor closed since it was listed. */
function target(pid: number, fd: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`);
  } catch {
    return '';
  }
}

function listenersByLsof(port: number): string[] {
  const output = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return output.trim().split('\n');
}
