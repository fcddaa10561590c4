/** A command finds its stack and configuration from any folder; an installed one keeps its state with the user. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { placesInClone, placesOfUser } from '../../src/config/places.js';
import { ImportSite } from '../helpers/import-site.js';

const repository = join(import.meta.dirname, '..', '..');
const PARTS = ['package.json', 'kaggle_datasets_config.yaml', 'dist', 'sql', 'samples', 'temporal'];
const folder = mkdtempSync(join(tmpdir(), 'kaggle-import-places-'));
const elsewhere = join(folder, 'elsewhere');
const xdg = {
  XDG_CACHE_HOME: join(folder, 'home', 'cache'),
  XDG_CONFIG_HOME: join(folder, 'home', 'config'),
  XDG_DATA_HOME: join(folder, 'home', 'data'),
  XDG_STATE_HOME: join(folder, 'home', 'state'),
};
let site: ImportSite;

beforeAll(async () => {
  site = await ImportSite.open({ datasets: { small: { 'small.csv': 'a,b\n1,x\n' } } });
  mkdirSync(elsewhere);
});
afterAll(async () => {
  await site.close();
  rmSync(folder, { recursive: true });
});

/** As `git clone` or `npm install` would put it there. */
function putAt(place: string): string {
  mkdirSync(place, { recursive: true });
  for (const part of PARTS) cpSync(join(repository, part), join(place, part), { recursive: true });
  symlinkSync(join(repository, 'node_modules'), join(place, 'node_modules'));
  return join(place, 'dist', 'client.js');
}

/** With every service named, and no place. */
async function run(client: string, args: string, variables: Record<string, string> = {}) {
  const named = Object.entries({ ...site.environment(), ...xdg, ...variables });
  const places = ['CACHE_DIR', 'WORK_DIR', 'LOG_FILE', 'STACK_DIR'];
  const env = Object.fromEntries(named.filter(([name]) => !places.includes(name)));
  const { exitCode, stdout, stderr } = await execa(process.execPath, [client, ...args.split(' ')], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    ...{ extendEnv: false, reject: false, stdin: 'ignore', cwd: elsewhere },
  });
  return { exitCode, stdout, stderr };
}

function filesBelow(place: string): string[] {
  return readdirSync(place, { recursive: true, encoding: 'utf8' });
}

test('in a clone: its own folder, from wherever the command is called', async () => {
  const clone = join(folder, 'clone');
  const client = putAt(clone);
  const checked = await run(client, 'check', { KAGGLE_IMPORT_CONFIG: '' });
  expect(checked.stdout).toContain(`${clone}/kaggle_datasets_config.yaml: valid`);

  expect((await run(client, 'up')).exitCode).toBe(0);
  try {
    expect((await run(client, 'import small')).exitCode).toBe(0);
  } finally {
    expect((await run(client, 'down')).exitCode).toBe(0);
  }
  expect(readdirSync(clone)).toEqual(
    expect.arrayContaining(['.stack', 'cache', 'kaggle_import.log', 'work']),
  );
  expect(readdirSync(elsewhere)).toEqual([]);
});

test('as an installed package: the folders of the user, and it says where the configuration goes', async () => {
  const place = join(folder, 'lib', 'node_modules', 'kaggle-import');
  const client = putAt(place);
  const before = readdirSync(place);
  const checked = await run(client, 'check', { KAGGLE_IMPORT_CONFIG: '' });
  expect(checked.exitCode).toBe(2);
  const config = join(xdg.XDG_CONFIG_HOME, 'kaggle-import', 'kaggle_datasets_config.yaml');
  expect(checked.stderr).toContain(config);

  expect((await run(client, 'up')).exitCode).toBe(0);
  try {
    expect((await run(client, 'import small')).exitCode).toBe(0);
  } finally {
    expect((await run(client, 'down')).exitCode).toBe(0);
  }
  expect(readdirSync(elsewhere)).toEqual([]);
  expect(readdirSync(place)).toEqual(before);
  expect(filesBelow(xdg.XDG_DATA_HOME)).toContain('kaggle-import/stack/stack.json');
  expect(filesBelow(xdg.XDG_STATE_HOME)).toContain('kaggle-import/kaggle_import.log');
  expect(filesBelow(xdg.XDG_CACHE_HOME)).toContain('kaggle-import/cache/host-id');
});

test('a folder of the user that is not set, or not absolute, is the usual one', () => {
  const own = join(homedir(), '.local/share/kaggle-import/stack');
  expect(placesOfUser({}).STACK_DIR).toBe(own);
  expect(placesOfUser({ XDG_DATA_HOME: 'here' }).STACK_DIR).toBe(own);
  expect(placesOfUser({ XDG_DATA_HOME: '/there' }).STACK_DIR).toBe('/there/kaggle-import/stack');
  expect(placesInClone('/clone').STACK_DIR).toBe('/clone/.stack');
});
