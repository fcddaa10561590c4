/**
 * Takes every record that the documents show, and writes their tables and pictures: `make bench`.
 * `--short` takes fewer runs, and begins none after so many minutes that all of it ends within twelve on a quiet machine.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean' },
    rows: { type: 'string', default: '10000000' },
    only: { type: 'string' },
  },
});
const here = import.meta.dirname;

/** By the record's name: how it is taken, and how many minutes the short form has for it. */
const RECORDS = {
  import: { script: 'import.js', args: ['--rows', values.rows], runs: 3, minutes: 3 },
  'import-link': {
    ...{
      script: 'import.js',
      args: ['--rows', values.rows, '--link', '25'],
      runs: 3,
      minutes: 1.5,
    },
  },
  'import-small': { script: 'import.js', args: ['--small', '35'], runs: 3, minutes: 1 },
  convert: { script: 'convert.js', args: ['--rows', values.rows], runs: 5, minutes: 1 },
};

for (const [record, { script, args, runs, minutes }] of Object.entries(RECORDS)) {
  if (values.only && !values.only.split(',').includes(record)) continue;
  const length = values.short
    ? ['--runs', '2', '--minutes', String(minutes)]
    : ['--runs', String(runs)];
  const json = ['--json', join(here, 'results', `${record}.json`)];
  run(join(here, script), [...args, ...length, ...json]);
}
run(join(here, '..', 'scripts', 'docs.js'), []);

/** A record that was not taken leaves the one before; the others are taken none the less. */
function run(script, args) {
  console.error(`bench: node ${script} ${args.join(' ')}`);
  const { status } = spawnSync(process.execPath, [script, ...args], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
