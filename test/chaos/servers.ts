/** The servers of a campaign: each of them is killed, or stands still, and comes back. */
import { readRecord } from '../../src/stack/state-file.js';
import { startStack } from '../../src/stack/index.js';
import { testStackOptions, type TestStack } from '../helpers/test-stack.js';
import { patiently, pause } from './patience.js';

export const SERVERS = ['temporal', 'postgres', 'minio'] as const;
export type ServerName = (typeof SERVERS)[number];

export class Servers {
  constructor(private readonly stack: TestStack) {}

  /** kill -9, and away for a while. */
  async killFor(name: ServerName, ms: number, signal: AbortSignal): Promise<void> {
    process.kill(this.#pid(name), 'SIGKILL');
    await pause(ms, signal);
    // On a busy machine a start may be given up; without the server the campaign would never end.
    await patiently(() => startStack(testStackOptions(this.stack.directory, SERVERS)));
  }

  /** Connections stay, and nobody answers. */
  async freezeFor(name: ServerName, ms: number, signal: AbortSignal): Promise<void> {
    const pid = this.#pid(name);
    process.kill(pid, 'SIGSTOP');
    await pause(ms, signal);
    process.kill(pid, 'SIGCONT');
  }

  /** Another one after each start. */
  #pid(name: ServerName): number {
    return readRecord(this.stack.directory)!.services[name]!.pid;
  }
}
