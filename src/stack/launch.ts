/** Starts a server that outlives this command, and waits until it truly answers. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ImportError } from '../errors/index.js';
import { identify, isAlive, type ProcessIdentity } from '../locks/process-identity.js';

/** From its start to its first healthy answer; a busy machine may take minutes, only what hangs takes longer. */
export const START_TIMEOUT_MS = 300_000;

const POLL_MS = 100;
const LOG_TAIL_LINES = 15;

/** Variable that every process of a stack carries, so that a later start finds orphans. */
export const STACK_MARKER = 'KAGGLE_IMPORT_STACK';

export interface Launch {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to a small fixed environment; nothing else of the caller's reaches the server. */
  readonly env?: Readonly<Record<string, string>>;
  /** Another user to run as; only root can ask for it. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Absolute path of `.stack`. */
  readonly directory: string;
  /** Absolute path of stdout and stderr together; the log before is kept as `<log>.1`. */
  readonly log: string;
}

/** Of every process of a stack: by it, the next start finds what a killed one has left. */
export function markedEnvironment(
  directory: string,
  own: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: homedir(),
    TMPDIR: tmpdir(),
    ...own,
    [STACK_MARKER]: directory,
  };
}

/** Starts the process detached. Thrown when it cannot be started: STACK_SERVICE_FAILED. */
export function launch(plan: Launch): ProcessIdentity {
  mkdirSync(dirname(plan.log), { recursive: true });
  if (existsSync(plan.log)) renameSync(plan.log, `${plan.log}.1`);
  const output = openSync(plan.log, 'a', 0o600);
  try {
    const child = spawn(plan.command, plan.args, {
      cwd: '/',
      detached: true,
      stdio: ['ignore', output, output],
      env: markedEnvironment(plan.directory, plan.env),
      ...plan.user,
    });
    // Without a listener, a program that is not there would end this command with a stack trace.
    child.on('error', () => undefined);
    child.unref();
    if (child.pid === undefined) {
      throw new ImportError('STACK_SERVICE_FAILED', {
        place: plan.name,
        expected: `${plan.command} to start`,
        found: 'a program that cannot be run',
      });
    }
    const identity = identify(child.pid);
    if (!identity) throw serviceFailed(plan.name, plan.log, 'it ended at once');
    return identity;
  } finally {
    closeSync(output);
  }
}

export interface HealthCheck {
  readonly name: string;
  readonly log: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** One real question to the server; false or an exception mean "not yet". */
  readonly isHealthy: () => Promise<boolean>;
}

/** Thrown when the process ends or stays silent: STACK_SERVICE_FAILED, with the end of its log. */
export async function waitUntilHealthy(
  identity: ProcessIdentity,
  { name, log, timeoutMs, signal, isHealthy }: HealthCheck,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    signal.throwIfAborted();
    if (await isHealthy().catch(() => false)) {
      // Another program may answer on the port of a server that has just ended.
      if (isAlive(identity)) return;
    }
    if (!isAlive(identity)) throw serviceFailed(name, log, 'it ended');
    if (Date.now() > deadline) throw serviceFailed(name, log, `no answer in ${timeoutMs} ms`);
    await sleep(POLL_MS, undefined, { signal });
  }
}

function serviceFailed(name: string, log: string, found: string): ImportError {
  return new ImportError('STACK_SERVICE_FAILED', {
    place: name,
    expected: 'a healthy server',
    found: `${found}; its log ends with:\n${logTail(log)}`,
    nextStep: `Read ${log}, then run \`make down\` and \`make up\`.`,
  });
}

function logTail(log: string): string {
  try {
    return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
  } catch {
    return '(no log)';
  }
}
