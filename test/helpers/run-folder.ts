/** The folder of a test run: all that it starts carries this name, and ends with it, however it ends. */
import { spawn } from 'node:child_process';
import { chmod, mkdtemp } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** From here on the folder for temporary files of this process and of those that it starts. */
export async function makeRunFolder(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kaggle-import-run-'));
  // The user of an embedded PostgreSQL must be able to enter.
  await chmod(folder, 0o711);
  sweepAfter(folder);
  // In its environment, its arguments or its folder: by that it is found.
  process.env['TMPDIR'] = folder;
}

/** However this process ends: another one waits for the end of a pipe, in a group that Ctrl-C does not reach. */
function sweepAfter(folder: string): void {
  const reaper = spawn(process.execPath, [join(import.meta.dirname, 'reaper.js'), folder], {
    ...{ cwd: '/', detached: true },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  reaper.unref();
  (reaper.stdin as Socket).unref();
}
