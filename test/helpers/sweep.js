// Ends every process of a test run and removes its folder: each of them carries a path below it.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** By environment, arguments or working folder; PostgreSQL's children overwrite the first two. */
function processesOf(folder) {
  const pids =
    process.platform === 'linux'
      ? readdirSync('/proc')
          .map(Number)
          .filter((pid) => Number.isInteger(pid) && belongsTo(pid, folder))
      : pidsFromPs(folder);
  return pids.filter((pid) => pid !== process.pid);
}

/** `-E` adds the environment of the user's own processes to the command (macOS, ps(1)). */
function pidsFromPs(folder) {
  return execFileSync('ps', ['-axEww', '-o', 'pid=,command='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(folder))
    .map((line) => Number.parseInt(line, 10));
}

function belongsTo(pid, folder) {
  const read = (file) => readFileSync(`/proc/${pid}/${file}`, 'utf8');
  const looks = [
    () => read('environ'),
    () => read('cmdline'),
    () => readlinkSync(`/proc/${pid}/cwd`),
  ];
  return looks.some((look) => {
    try {
      return look().includes(folder);
    } catch {
      // It has just ended, or is somebody else's.
      return false;
    }
  });
}

/** Mounted by a campaign (test/chaos), in the spelling of proc(5). */
function disksBelow(folder) {
  if (process.platform !== 'linux') return [];
  const places = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1]);
  return places.filter((place) => place?.startsWith(`${folder}/`));
}

export async function sweep(folder) {
  // Again until there is none: what is killed may have started another one meanwhile.
  for (let tries = 0; tries < 100; tries++) {
    const found = processesOf(folder);
    if (found.length === 0) break;
    for (const pid of found) kill(pid);
    await sleep(100);
  }
  for (const disk of disksBelow(folder)) execFileSync('umount', ['--lazy', disk]);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was faster.
  }
}
