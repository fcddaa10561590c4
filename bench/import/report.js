/** Medians of the runs as a table for people and as JSON for the record. */
import { MOST_BLOCKED_MS } from './event-loop.js';

const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
const round = (number) => Number(number.toFixed(2));

/** The first contender is what the others are held against, in runs that stood next to each other. */
export function summarise(results, { datasets } = {}) {
  const [first] = results;
  return results.map(({ name, runs }) => ({
    name,
    seconds: round(median(runs.map(({ seconds }) => seconds))),
    spread: [Math.min, Math.max].map((of) => round(of(...runs.map(({ seconds }) => seconds)))),
    ...(datasets && {
      millisecondsEach: round(median(runs.map(({ seconds }) => (1000 * seconds) / datasets))),
    }),
    ratio: round(median(runs.map(({ seconds }, at) => seconds / first.runs[at].seconds))),
    cpuSeconds: round(median(runs.map(({ cpuSeconds }) => cpuSeconds))),
    peakBytes: Math.max(...runs.map(({ peakBytes }) => peakBytes)),
    parquetBytes: runs[0].parquetBytes,
    // Of the worker's thread; the scripts have none.
    ...(runs[0].blockedMs !== undefined && {
      blockedMs: round(Math.max(...runs.map(({ blockedMs }) => blockedMs))),
    }),
    stages: Object.fromEntries(
      Object.keys(runs[0].stages ?? {}).map((stage) => [
        stage,
        round(median(runs.map(({ stages }) => stages[stage]))),
      ]),
    ),
    runs: runs.map(({ memory: _looks, ...run }) => run),
    // Of one run: what the pictures show.
    memory: thinned(runs[0].memory),
  }));
}

const POINTS = 120;

/** So many points at most, each the highest of its stretch: [seconds, bytes]. */
function thinned(looks) {
  const stretch = Math.ceil(looks.length / POINTS);
  return Array.from({ length: Math.ceil(looks.length / stretch) }, (_, at) => {
    const some = looks.slice(at * stretch, (at + 1) * stretch);
    const [seconds, bytes] = some.reduce((most, look) => (look[1] > most[1] ? look : most));
    return [round(seconds), bytes];
  });
}

/** The worker's thread was blocked for longer than it may be. */
export function isTooLong({ blockedMs = 0 }) {
  return blockedMs > MOST_BLOCKED_MS;
}

/** Markdown; megabytes are of 10^6 bytes. */
export function table(summary) {
  const isOfSeveral = summary.some((one) => one.millisecondsEach !== undefined);
  const head = [
    ...['', 'seconds', 'from - to', ...(isOfSeveral ? ['ms a dataset'] : [])],
    ...['ratio', 'CPU s', 'peak MB', 'Parquet MB', 'worker blocked ms', 'stages'],
  ];
  const rows = summary.map((one) => [
    one.name,
    one.seconds.toFixed(2),
    one.spread.map((seconds) => seconds.toFixed(1)).join(' - '),
    ...(isOfSeveral ? [one.millisecondsEach?.toFixed(0) ?? ''] : []),
    `${one.ratio.toFixed(2)} x`,
    one.cpuSeconds.toFixed(1),
    (one.peakBytes / 1e6).toFixed(0),
    one.parquetBytes === undefined ? '' : (one.parquetBytes / 1e6).toFixed(0),
    one.blockedMs === undefined ? '' : `${one.blockedMs.toFixed(0)}${isTooLong(one) ? ' (!)' : ''}`,
    Object.entries(one.stages)
      .map(([stage, seconds]) => `${stage} ${seconds.toFixed(2)}`)
      .join(', '),
  ]);
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
