/** One host of the campaign: a real worker process with a disk and a way to Temporal of its own. */
import { execa } from 'execa';
import { mkdirSync, rmSync, statfsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { startForwarder, type Forwarder } from '../helpers/forwarder.js';
import type { Dice } from '../helpers/hostile-server.js';
import type { ImportSite } from '../helpers/import-site.js';
import type { WorkerProcess } from '../helpers/worker-process.js';
import { pause } from './patience.js';

const DISK_BYTES = 400 * 1024 ** 2;
const BLOCK_BYTES = 1024 ** 2;

export class Host {
  #worker: WorkerProcess | undefined;
  /** What the worker said last when it ended though nobody told it to. */
  readonly ownEnds: string[] = [];
  readonly disk: string;

  private constructor(
    readonly name: string,
    readonly hasOwnDisk: boolean,
    private readonly site: ImportSite,
    private readonly temporal: Forwarder,
  ) {
    this.disk = join(site.folder, name);
  }

  /** @param wantsDisk - a small one that can be filled; mounting it takes a privilege that not every machine gives */
  static async open(site: ImportSite, name: string, wantsDisk: boolean): Promise<Host> {
    const disk = join(site.folder, name);
    mkdirSync(disk, { recursive: true });
    const mount = ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'kaggle-import-chaos', disk];
    const hasOwnDisk = wantsDisk && !(await execa('mount', mount, { reject: false })).failed;
    const forwarder = await startForwarder(site.namespace.address);
    return new Host(name, hasOwnDisk, site, forwarder);
  }

  /** Until there is one that is ready: its servers may be away. */
  async start(): Promise<void> {
    const settings = { TEMPORAL_ADDRESS: this.temporal.address, LOG_LEVEL: 'debug' };
    for (;;) {
      try {
        const worker = await this.site.startWorker(this.name, settings);
        this.#worker = worker;
        void worker.ended.then(() => {
          if (this.#worker === worker) this.ownEnds.push(worker.output().slice(-2_000));
        });
        return;
      } catch (error) {
        this.ownEnds.push(String(error).slice(-2_000));
      }
    }
  }

  /** Starts another one when it has ended by itself. */
  async ensure(): Promise<void> {
    if (this.#worker?.isAlive() !== true) await this.start();
  }

  async kill(): Promise<void> {
    await this.#take()?.kill();
  }

  /** One of the processes in which it works on bytes: it is told of that, and nothing else ends. */
  killProcess(dice: Dice): void {
    const processes = this.#worker!.processes();
    const victim = processes[dice(processes.length)];
    if (victim !== undefined) process.kill(victim, 'SIGKILL');
  }

  /** As a rolling update does. */
  async stop(): Promise<void> {
    await this.#take()?.stop();
  }

  async standStill(ms: number, signal: AbortSignal): Promise<void> {
    const pid = this.#worker!.pid;
    process.kill(pid, 'SIGSTOP');
    await pause(ms, signal);
    process.kill(pid, 'SIGCONT');
  }

  async cutOff(ms: number, signal: AbortSignal): Promise<void> {
    this.temporal.refuse();
    await pause(ms, signal);
    await this.temporal.accept();
  }

  /** All but `leftBytes` of its disk is taken for a while. */
  async fillDisk(leftBytes: number, ms: number, signal: AbortSignal): Promise<void> {
    const ballast = join(this.disk, 'ballast');
    const file = await open(ballast, 'w');
    try {
      const block = Buffer.alloc(BLOCK_BYTES);
      for (;;) {
        const { bavail, bsize } = statfsSync(this.disk);
        if (bavail * bsize <= leftBytes) break;
        await file.write(block, 0, Math.min(BLOCK_BYTES, bavail * bsize - leftBytes));
      }
      await pause(ms, signal);
    } catch (error) {
      // The worker was faster.
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      await pause(ms, signal);
    } finally {
      await file.close();
      rmSync(ballast);
    }
  }

  async close(): Promise<void> {
    await this.kill();
    if (this.hasOwnDisk) await execa('umount', ['--lazy', this.disk], { reject: false });
  }

  #take(): WorkerProcess | undefined {
    const worker = this.#worker;
    this.#worker = undefined;
    return worker;
  }
}
