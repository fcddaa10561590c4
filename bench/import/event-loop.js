/** The longest that anything waited for the worker's own thread, as its metric tells it. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { clearInterval, setInterval } from 'node:timers';
import { setTimeout } from 'node:timers/promises';
import { fetch } from 'undici';

/** The bound that the worker keeps: it coordinates, and bytes are worked on elsewhere. */
export const MOST_BLOCKED_MS = 100;
/** The metric is of the last ten seconds, as src/event-loop.ts has it. */
const WINDOW_MS = 10_000;
const LOOK_EVERY_MS = 2_000;
const METRIC = /^kaggle_import_event_loop_delay_seconds\S* (\S+)$/m;

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Runs `work`, and waits until the metric has told all of it, which counts for none of its measures. */
export async function withLongestBlock(port, work) {
  const looks = [];
  // A worker that is not there for a moment is looked at again; it has to be there at the end.
  const timer = setInterval(() => looks.push(look(port).catch(() => 0)), LOOK_EVERY_MS);
  const measures = await work().finally(() => clearInterval(timer));
  await setTimeout(WINDOW_MS + LOOK_EVERY_MS);
  const seconds = [...(await Promise.all(looks)), await look(port)];
  return { ...measures, blockedMs: 1000 * Math.max(...seconds) };
}

async function look(port) {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const [, seconds] = METRIC.exec(text) ?? [];
  if (seconds === undefined)
    throw new Error('the worker does not tell how long its thread was blocked');
  return Number(seconds);
}
