/** What a person, or a program, reads when something did not come about: who did it, and what comes first. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandRunner, type CommandResult, type RunningCommand } from '../helpers/command.js';
import { MOMENTS, people } from '../helpers/import-moments.js';
import { ImportSite } from '../helpers/import-site.js';

let site: ImportSite;
let start: (args: string, variables?: Record<string, string>) => RunningCommand;
const run = (args: string, variables?: Record<string, string>): Promise<CommandResult> =>
  start(args, variables).ended;

beforeAll(async () => {
  site = await ImportSite.open({
    datasets: { people: { 'people.csv': people(1000) }, broken: { 'broken.csv': '' } },
  });
  await site.startWorker();
  const runner = commandRunner(site.environment('command'));
  start = (args, variables) => runner.start(args.split(' '), variables);
});
afterAll(() => site.close());

interface Document {
  readonly imports?: readonly { dataset: string; outcome: string }[];
  readonly error?: { code: string; message: string; nextStep: string; exitCode: number };
}

test.each(['import people', 'import --all'])(
  '%s: what somebody has cancelled has not failed',
  async (args) => {
    const held = MOMENTS.find(({ activity }) => activity === 'storeTable')!.reach(site);
    const following = start(args);
    await held;
    const scope = args.replace('--all', '--all --cancel').replace('people', 'people --cancel');
    expect((await run(scope)).exitCode).toBe(0);
    site.gate.open();
    const { exitCode, stdout, stderr } = await following.ended;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('CANCELLED: The import was cancelled');
    expect(`${stdout}${stderr}`).not.toMatch(/imports failed|IMPORTS_FAILED/);
  },
);

test.each([
  ['import nobody', 2, 'DATASET_UNKNOWN'],
  ['import', 2, 'USAGE'],
  ['no-such-verb', 2, 'USAGE'],
  ['status --no-such-option', 2, 'USAGE'],
])('--json %s: the error is the one document on stdout', async (args, exit, code) => {
  const { exitCode, stdout, stderr } = await run(`--json ${args}`);
  expect(exitCode).toBe(exit);
  const { error } = JSON.parse(stdout) as Document;
  expect(error).toMatchObject({ code, exitCode: exit });
  expect(error!.nextStep).not.toBe('');
  expect(stderr).toBe('');
});

test('--json: one document has the outcome of every import, and the error after it', async () => {
  const { exitCode, stdout } = await run('--json import broken');
  expect(exitCode).toBe(1);
  const { imports, error } = JSON.parse(stdout) as Document;
  expect(imports).toMatchObject([{ dataset: 'broken', outcome: 'failed' }]);
  expect(error).toMatchObject({ code: 'IMPORTS_FAILED', exitCode: 1 });
});

const NOT_OURS = {
  TEMPORAL_ADDRESS: '',
  DATABASE_URL: '',
  KAGGLE_API_BASE: '',
  KAGGLE_API_TOKEN: '',
};

test.each(['import people', 'plan people'])(
  '%s: while the stack is down, `make up` comes first',
  async (args) => {
    const { exitCode, stderr } = await run(args, NOT_OURS);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/Next step: Run `make up`/);
  },
);
