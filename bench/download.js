/**
 * Measures the download: `node bench/download.js [--megabytes 512] [--runs 3] [--side-by-side 4]`.
 * A server on loopback in a process of its own sends one file; each contender brings it to the disk in a process of
 * its own. Beside seconds stand processor seconds, which a busy machine does not change.
 * - plain: ours, with every check, against `curl -o`, then `md5sum`: nothing is to be unpacked.
 * - zip: ours, with every check, against zlib alone on the same archive on the disk: it is unpacked on the way.
 * - together: several of ours at once.
 */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { machine } from './convert/report.js';

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '512' },
    runs: { type: 'string', default: '3' },
    'side-by-side': { type: 'string', default: '4' },
  },
});
const bytes = Number(values.megabytes) * 1e6;
const together = Number(values['side-by-side']);
const folder = join(import.meta.dirname, 'download');
const scratch = await mkdtemp(join(tmpdir(), 'kaggle-import-bench-'));
const server = fork(join(folder, 'server.js'), [String(bytes), scratch]);
const [served] = await once(server, 'message');

/** Wall-clock and processor seconds of a program, with what it started itself. */
async function measured(command, args) {
  const started = performance.now();
  const timed = ['-c', 'TIMEFORMAT="%U %S"; time "$@"', 'bash', command, ...args];
  const child = spawn('bash', timed, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [said, out] = ['', ''];
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: ${said}`);
  // Ours and zlib's tell by themselves, without the loading of their modules.
  if (out.startsWith('{')) return JSON.parse(out);
  const cpu = said.trim().split('\n').at(-1).split(' ').map(Number);
  return { seconds: (performance.now() - started) / 1000, cpuSeconds: cpu[0] + cpu[1] };
}

let folders = 0;
const ours = (file) => {
  folders += 1;
  const cache = join(scratch, `cache-${folders}`);
  return measured(process.execPath, [join(folder, 'obtain.js'), `${served.url}/${file}`, cache]);
};
const contenders = {
  'plain: curl, then md5sum': () =>
    measured('bash', [
      '-c',
      `curl -sS -o ${scratch}/curl.bin ${served.url}/plain.bin && md5sum ${scratch}/curl.bin`,
    ]),
  'plain: kaggle-import': () => ours('plain.bin'),
  'zip: zlib alone': () =>
    measured(process.execPath, [join(folder, 'zlib-alone.js'), served.archive]),
  'zip: kaggle-import': () => ours('table.zip'),
  [`plain: ${together} of kaggle-import at once`]: async () => {
    const all = await Promise.all(Array.from({ length: together }, () => ours('plain.bin')));
    return {
      seconds: Math.max(...all.map(({ seconds }) => seconds)),
      cpuSeconds: all.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    };
  },
};

const runs = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
try {
  for (let run = 1; run <= Number(values.runs); run += 1) {
    // In turn, so that a disturbance meets all of them.
    for (const [name, contender] of Object.entries(contenders)) {
      runs[name].push(await contender());
      const { seconds, cpuSeconds } = runs[name].at(-1);
      console.error(`${name}: ${seconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} s of a processor`);
    }
  }
} finally {
  server.kill();
  await rm(scratch, { recursive: true, force: true });
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const of = (name, key) => median(runs[name].map((run) => run[key]));
const lines = Object.keys(contenders).map((name) => {
  const isZip = name.startsWith('zip');
  const megabytes = (isZip ? served.unpackedBytes : bytes) / 1e6;
  const times = name.includes('at once') ? together : 1;
  return {
    contender: name,
    seconds: of(name, 'seconds').toFixed(2),
    'CPU seconds': of(name, 'cpuSeconds').toFixed(2),
    'MB/s': ((megabytes * times) / of(name, 'seconds')).toFixed(0),
  };
});
console.table(lines);
console.log(JSON.stringify({ ...machine(), load: loadavg() }));
