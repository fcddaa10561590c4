/**
 * Takes every record that the documents show, and writes their tables and pictures: `make bench`.
 * --short takes smaller inputs and two runs at most, and begins none after so many minutes that all of it ends within ten on a quiet machine.
 * --only NAME,... some of the records; --scale N of the inputs, in place of their own.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean' },
    only: { type: 'string' },
    scale: { type: 'string' },
  },
});
const here = import.meta.dirname;
const whole = (input, ...more) => ['import.js', '--input', input, ...more];

/** By the record's name: how it is taken, how often, and of the short form the scale and the minutes. */
const RECORDS = {
  import: { command: whole('orders'), runs: 3, short: [0.2, 1] },
  'import-link': { command: whole('orders', '--link', '25'), runs: 3, short: [0.2, 0.5] },
  'import-wide': { command: whole('wide'), runs: 3, short: [0.05, 0.5] },
  'import-text': { command: whole('text'), runs: 3, short: [0.2, 0.5] },
  'import-files': { command: whole('files'), runs: 3, short: [0.1, 0.5] },
  'import-small': { command: whole('small'), runs: 3, short: [1, 0.5] },
  'import-tiny': { command: whole('tiny'), runs: 3, short: [0.1, 0.5] },
  convert: { command: ['convert.js'], runs: 5, short: [0.2, 0.5] },
  batch: { command: ['nights.js', 'batch'] },
  fleet: { command: ['nights.js', 'fleet'] },
  tables: { command: ['nights.js', 'tables'] },
};

for (const [record, { command, runs, short }] of Object.entries(RECORDS)) {
  if (values.only ? !values.only.split(',').includes(record) : values.short && !short) continue;
  const [scale, minutes] = (values.short && short) || [1];
  const [script, ...args] = command;
  run(join(here, script), [
    ...args,
    ...(runs ? ['--scale', values.scale ?? String(scale)] : []),
    ...(runs ? ['--runs', String(values.short ? 2 : runs)] : []),
    ...(minutes ? ['--minutes', String(minutes)] : []),
    ...['--json', join(here, 'results', `${record}.json`)],
  ]);
}
run(join(here, '..', 'scripts', 'docs.js'), []);

/** A record that was not taken leaves the one before; the others are taken none the less. */
function run(script, args) {
  console.error(`bench: node ${script} ${args.join(' ')}`);
  const { status } = spawnSync(process.execPath, [script, ...args], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
