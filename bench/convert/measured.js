/** Runs one contender's work in this process and prints what it took, as one line of JSON. */
import { existsSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

/**
 * Time starts after the libraries are loaded and ends when the Parquet is closed.
 * @param work Gives the absolute paths of the Parquet files it wrote.
 */
export async function measured(work) {
  const before = process.cpuUsage();
  const started = performance.now();
  const files = await work();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  const cpuSeconds = (user + system) / 1e6;
  console.log(JSON.stringify({ seconds, cpuSeconds, peakBytes: peakBytes(), files }));
}

/** Of the whole process. Where there is no /proc, the system's own count, which is in kilobytes. */
function peakBytes() {
  const status = '/proc/self/status';
  if (!existsSync(status)) return process.resourceUsage().maxRSS * 1024;
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(status, 'utf8'))[1]) * 1024;
}
