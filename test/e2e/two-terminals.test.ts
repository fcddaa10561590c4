/** Two terminals of one clone with other variables: neither takes the other's worker, or both are told. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandRunner, type RunningCommand } from '../helpers/command.js';
import { eventually } from '../helpers/eventually.js';
import { MOMENTS, people } from '../helpers/import-moments.js';
import { ImportSite } from '../helpers/import-site.js';

let site: ImportSite;
let start: (args: string, variables?: Record<string, string>) => RunningCommand;

beforeAll(async () => {
  site = await ImportSite.open({ datasets: { people: { 'people.csv': people(1000) } } });
  // One service of the stack is enough for a worker to be part of it.
  const runner = commandRunner({ ...site.environment(), DATABASE_URL: '' });
  start = (args, variables) => runner.start(args.split(' '), variables);
});
afterAll(async () => {
  await start('down').ended;
  await site.close();
});

test('a worker with imports of another terminal is refused by name, and left alone', async () => {
  const held = MOMENTS.find(({ activity }) => activity === 'storeTable')!.reach(site);
  const first = start('import people');
  await held;
  const second = await start('import people', { LOG_LEVEL: 'debug', MINIO_REGION: 'x' }).ended;
  expect(second.exitCode).toBe(3);
  expect(second.stderr).toMatch(/WORKER_TAKEN: .*import:people.* LOG_LEVEL, MINIO_REGION/);
  expect(first.said()).not.toContain('Another command');

  const taking = await start('up', { LOG_LEVEL: 'debug' }).ended;
  expect(taking.exitCode).toBe(0);
  expect(taking.stderr).toMatch(/worker: other settings .*\(LOG_LEVEL\); starting it again/);
  await eventually('the first terminal to be told', () =>
    /Another command has started the worker again.*LOG_LEVEL/.test(first.said()),
  );
  site.gate.open();
  expect((await first.ended).exitCode).toBe(0);
});

test('an idle worker is started again for other variables, and left alone for the same', async () => {
  const other = await start('import people', { LOG_LEVEL: 'info' }).ended;
  expect(other.exitCode).toBe(0);
  expect(other.stderr).toMatch(/\(LOG_LEVEL\); starting it again/);
  const same = await start('import people', { LOG_LEVEL: 'info' }).ended;
  expect(same.stderr.match(/[Aa]lready running/g)).toHaveLength(1);
  expect(same.stderr).toMatch(/Already running: postgres on 127\.0\.0\.1:\d+, worker$/m);
  expect(same.stderr).not.toContain('starting it again');
});
