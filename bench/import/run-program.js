/** Runs one program to its end and tells what it took, with everything that it has started itself. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { watchMemory } from './processes.js';

/**
 * @param beside Ids of processes that work for it and are counted with its memory.
 * @returns output, seconds, cpuSeconds (of the program's own tree), peakBytes, memory over time
 */
export async function runProgram(command, args, { env, beside = [] }) {
  const started = performance.now();
  const timed = ['-c', 'TIMEFORMAT="%U %S"; time "$@"', 'bash', command, ...args];
  const child = spawn('bash', timed, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const measured = watchMemory(() => [child.pid, ...beside]);
  let [output, said] = ['', ''];
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  const [code] = await once(child, 'close');
  const seconds = (performance.now() - started) / 1000;
  const memory = measured();
  if (code !== 0)
    throw new Error(`${command} ${args.join(' ')}: exit code ${code}\n${said}\n${output}`);
  const [user, system] = said.trim().split('\n').at(-1).split(' ').map(Number);
  return { output, seconds, cpuSeconds: user + system, ...memory };
}
