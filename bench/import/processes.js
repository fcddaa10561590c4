/** What whole trees of processes take: memory by looking often, processor time by asking at the end. Linux only. */
import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';

const TICKS_PER_SECOND = 100;
const LOOK_EVERY_MS = 100;

/** Every process by its id: its parent, its resident bytes, its processor seconds with those of ended children. */
function processes() {
  const found = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      // The command stands in parentheses and may hold spaces.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
      found.set(Number(pid), {
        parent: Number(fields[1]),
        residentBytes: Number(fields[21]) * 4096,
        cpuSeconds: ticks / TICKS_PER_SECOND,
      });
    } catch {
      // It has ended in this moment.
    }
  }
  return found;
}

/** Those processes and their descendants, added up. */
export function treesOf(roots) {
  const all = processes();
  const isWithin = (pid) => {
    for (let at = pid; all.has(at); at = all.get(at).parent) if (roots.includes(at)) return true;
    return false;
  };
  const members = [...all].filter(([pid]) => isWithin(pid)).map(([, facts]) => facts);
  const sum = (key) => members.reduce((total, facts) => total + facts[key], 0);
  return { residentBytes: sum('residentBytes'), cpuSeconds: sum('cpuSeconds') };
}

/** Looks until the answer is called, which gives the peak and what there was over time. */
export function watchMemory(roots) {
  const began = performance.now();
  const looks = [];
  const look = () => {
    const { residentBytes } = treesOf(roots());
    looks.push([Number(((performance.now() - began) / 1000).toFixed(2)), residentBytes]);
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    return { peakBytes: Math.max(0, ...looks.map(([, bytes]) => bytes)), memory: looks };
  };
}
