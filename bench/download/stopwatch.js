// Seconds and processor seconds of this process from a moment on, as JSON.
import { performance } from 'node:perf_hooks';

export function stopwatch() {
  const [started, before] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(before);
    const seconds = (performance.now() - started) / 1000;
    return JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6 });
  };
}
