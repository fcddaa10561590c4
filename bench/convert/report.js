/** Medians of the runs as a table for people and as JSON for the record. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';

/** `results` is a list of { name, proves, runs }; the first is the yardstick. */
export function summarise(results) {
  const yardstick = median(results[0].runs.map(({ seconds }) => seconds));
  return results.map(({ name, proves = false, runs }) => ({
    name,
    seconds: round(median(runs.map(({ seconds }) => seconds)), 2),
    // Of runs that stood next to each other: what disturbs the machine disturbs both.
    ratio: round(median(runs.map((run, at) => run.seconds / results[0].runs[at].seconds)), 2),
    ratioOfMedians: round(median(runs.map(({ seconds }) => seconds)) / yardstick, 2),
    cpuSeconds: round(median(runs.map(({ cpuSeconds }) => cpuSeconds)), 2),
    peakBytes: Math.max(...runs.map(({ peakBytes }) => peakBytes)),
    parquetBytes: runs[0].parquetBytes,
    keepsLeadingZeros: runs[0].keepsZeros,
    keepsNamibia: runs[0].keepsNamibia,
    keepsOrder: runs.every(({ keepsOrder }) => keepsOrder),
    provesCells: proves,
    runs: runs.map(({ seconds, cpuSeconds, peakBytes }) => ({
      ...{ seconds: round(seconds, 2), cpuSeconds: round(cpuSeconds, 2), peakBytes },
    })),
  }));
}

const HEAD = [
  ...['', 'seconds', 'to bare COPY', 'CPU s', 'peak MB', 'Parquet MB'],
  ...['zeros', 'Namibia', 'order', 'proof'],
];

/** A Markdown table; megabytes are of 10^6 bytes. */
export function table(summary) {
  const rows = summary.map((line) => [
    line.name,
    line.seconds.toFixed(2),
    `${line.ratio.toFixed(2)} x`,
    line.cpuSeconds.toFixed(1),
    (line.peakBytes / 1e6).toFixed(0),
    (line.parquetBytes / 1e6).toFixed(1),
    ...[line.keepsLeadingZeros, line.keepsNamibia, line.keepsOrder].map((kept) =>
      kept ? 'kept' : 'lost',
    ),
    line.provesCells ? 'yes' : 'no',
  ]);
  const widths = HEAD.map((title, at) => Math.max(title.length, ...rows.map((r) => r[at].length)));
  const line = (cells) =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join(' | ')} |`;
  const rule = widths.map((width, at) =>
    at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(HEAD), line(rule), ...rows.map(line)].join('\n');
}

export function machine() {
  const facts = {
    processor: cpus()[0].model,
    coresUsed: Math.min(2, availableParallelism()),
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
  };
  const { version } = JSON.parse(
    readFileSync(new URL('../../node_modules/@duckdb/node-api/package.json', import.meta.url)),
  );
  return { ...facts, duckdb: version };
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function round(number, digits) {
  return Number(number.toFixed(digits));
}
