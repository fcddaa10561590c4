/** The longest that anything waited for the worker's own thread, as its metric tells it. */
import { once } from 'node:events';
import { createServer } from 'node:net';
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
  let isOver = false;
  const ended = work().finally(() => (isOver = true));
  let longestSeconds = 0;
  const look = async () => {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const [, seconds] = METRIC.exec(text) ?? [];
    if (seconds === undefined)
      throw new Error('the worker does not tell how long its thread is blocked');
    longestSeconds = Math.max(longestSeconds, Number(seconds));
  };
  // The value at the start is of the time before.
  while (!isOver) {
    await Promise.race([setTimeout(LOOK_EVERY_MS), ended]);
    if (!isOver) await look();
  }
  const measures = await ended;
  await setTimeout(WINDOW_MS + 500);
  await look();
  return { ...measures, blockedMs: 1000 * longestSeconds };
}
