/** Tables of the records that have no contenders. */

function markdown(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '--:')), ...rows.map(line)].join('\n');
}

/** `sizes`: [{ gigabytes, seconds, cpuSeconds, peakBytes, diskBytes, archiveBytes }] of bench/size.js. */
export function sizeTable({ sizes }) {
  return markdown(
    [
      'GB',
      'seconds',
      'seconds a GB',
      'CPU s a GB',
      'peak MB',
      'disk besides the archive, MB',
      'archive MB',
    ],
    sizes.map((one) => [
      one.gigabytes,
      one.seconds.toFixed(1),
      (one.seconds / one.gigabytes).toFixed(1),
      (one.cpuSeconds / one.gigabytes).toFixed(1),
      Math.round(one.peakBytes / 1e6),
      Math.round(one.diskBytes / 1e6),
      Math.round(one.archiveBytes / 1e6),
    ]),
  );
}

/** `nights`: [{ workers, seconds, datasetsPerMinute, ofTheLinks, load }] of bench/fleet. */
export function fleetTable({ nights, machine }) {
  return markdown(
    ['workers', 'seconds', 'datasets a minute', 'of the links', `load of ${machine.cores} cores`],
    nights.map((night) => [
      night.workers,
      night.seconds,
      night.datasetsPerMinute.toFixed(1),
      night.ofTheLinks,
      night.load,
    ]),
  );
}

/** `nights`: [{ datasets, seconds, millisecondsEach, events, historyBytes, largestPayloadBytes, load }] of bench/batch. */
export function batchTable({ nights }) {
  return markdown(
    [
      ...['datasets', 'seconds', 'ms a dataset', 'events'],
      ...['history, bytes', 'largest payload, bytes', 'load'],
    ],
    nights.map((night) => [
      ...[night.datasets, night.seconds, night.millisecondsEach, night.events],
      ...[night.historyBytes, night.largestPayloadBytes, night.load],
    ]),
  );
}

/** `nights`: [{ tables, outcome, seconds, events, historyBytes, largestPayloadBytes, violations, load }] of bench/tables. */
export function manyTablesTable({ nights }) {
  return markdown(
    [
      ...['tables', 'outcome', 'seconds', 'ms a table', 'events'],
      ...['history, bytes', 'largest payload, bytes', 'tables that are not their file', 'load'],
    ],
    nights.map((night) => [
      ...[night.tables, night.outcome, night.seconds],
      ...[Math.round((1000 * night.seconds) / night.tables), night.events],
      ...[night.historyBytes, night.largestPayloadBytes, night.violations, night.load],
    ]),
  );
}
