/** Ctrl-C at any moment: exit code 130, one message, nothing half-done; an import goes on without the command. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { markedProcesses } from '../../src/stack/orphans.js';
import { commandRunner, type CommandResult } from '../helpers/command.js';
import { MOMENTS, people, ROWS } from '../helpers/import-moments.js';
import { eventually } from '../helpers/eventually.js';
import { startForwarder } from '../helpers/forwarder.js';
import { ImportSite } from '../helpers/import-site.js';
import { publicationState, publishedOnce } from '../helpers/publication-state.js';
import { startSilentServer, type SilentServer } from '../helpers/silent-server.js';

let site: ImportSite;
let silent: SilentServer;

beforeAll(async () => {
  silent = await startSilentServer();
  site = await ImportSite.open({ datasets: { people: { 'people.csv': people() } } });
  await site.startWorker();
});
afterAll(async () => {
  await site.close();
  await silent.close();
});

function expectInterrupted({ exitCode, stderr }: CommandResult): void {
  expect(exitCode).toBe(130);
  expect(stderr).toContain('INTERRUPTED: ');
  expect(stderr.match(/Next step:/g)).toHaveLength(1);
  expect(stderr).not.toMatch(/\n\s+at /);
}

test('an import goes on without its command, and the same command joins it', async () => {
  const { start } = commandRunner(site.environment('command'));
  const held = MOMENTS.find(({ activity }) => activity === 'storeTable')!.reach(site);
  const command = start(['import', 'people']);
  await held;
  await eventually('a line of progress', () => command.said().includes('people: '));
  command.signal('SIGINT');
  const result = await command.ended;
  expectInterrupted(result);
  expect(result.stderr).toContain('import:people goes on without it');

  const again = start(['--json', 'import', 'people']);
  await eventually('the progress again', () => again.said().includes('people: converting'));
  site.gate.open();
  const { exitCode, stdout } = await again.ended;
  expect(exitCode).toBe(0);
  expect(stdout).toContain('"published"');
  expect(await publicationState(site, 'people')).toEqual(publishedOnce(ROWS, ['published']));
});

test('an import is left in order while Temporal is away', async () => {
  const { address, refuse } = await startForwarder(site.environment()['TEMPORAL_ADDRESS']!);
  const { start } = commandRunner({ ...site.environment('command'), TEMPORAL_ADDRESS: address });
  await site.kaggle.publishVersion('owner/people', { 'people.csv': people(10) });
  const held = MOMENTS.find(({ activity }) => activity === 'storeTable')!.reach(site);
  const command = start(['import', 'people']);
  await held;
  await eventually('a line of progress', () => command.said().includes('people: '));
  // From here on, what the command has asked is asked again and again.
  refuse();
  command.signal('SIGINT');
  expectInterrupted(await command.ended);
  site.gate.open();
});

test.each([
  ['status', 'TEMPORAL_ADDRESS'],
  ['list', 'DATABASE_URL'],
  ['services', 'MINIO_ENDPOINT'],
  ['search iris', 'KAGGLE_API_BASE'],
])('%s is left at once, although %s does not answer', async (verb, variable) => {
  const { address } = silent;
  const values: Record<string, string> = {
    DATABASE_URL: `postgresql://me:x@${address}/x`,
    KAGGLE_API_BASE: `http://${address}/api`,
  };
  const environment = { ...site.environment('command'), [variable]: values[variable] ?? address };
  const command = commandRunner(environment).start(verb.split(' '));
  const asked = await Promise.race([silent.asked().then(() => true), command.ended]);
  expect(asked).toBe(true);
  command.signal('SIGINT');
  expectInterrupted(await command.ended);
});

test('a start of the stack that is interrupted leaves no process and no lock', async () => {
  const { folder, start, run } = commandRunner();
  onTestFinished(async () => void (await run(['down'])));
  const command = start(['up']);
  await eventually('the first server', () => command.said().includes('ready on'));
  command.signal('SIGINT');
  expectInterrupted(await command.ended);
  expect(markedProcesses(join(folder, '.stack'))).toEqual([]);
  expect(existsSync(join(folder, '.stack', 'claims'))).toBe(false);
});

test('a second Ctrl-C stops at once; the next start recovers what is left, and down stops all', async () => {
  const { folder, start, run, succeeds } = commandRunner();
  onTestFinished(async () => void (await run(['down'])));
  const stack = join(folder, '.stack');
  const command = start(['up']);
  await eventually('the first server', () => command.said().includes('ready on'));
  command.signal('SIGINT');
  await eventually('the answer to Ctrl-C', () => command.said().includes('Interrupted'));
  command.signal('SIGINT');
  await command.ended;

  await succeeds('up');
  await succeeds('services');
  await succeeds('down');
  expect(markedProcesses(stack)).toEqual([]);
});
