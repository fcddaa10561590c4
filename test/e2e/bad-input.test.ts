/** Bad input on the command line: one clear message with code and next step, the right exit code, no stack. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandRunner } from '../helpers/command.js';

const { folder, run } = commandRunner();
const NOBODY = '127.0.0.1:9';

function expectMessage(
  { stderr, exitCode }: { stderr: string; exitCode: number },
  code: string,
  exit: number,
): void {
  expect(stderr).toContain(code);
  expect(stderr).toContain('Next step:');
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(exitCode).toBe(exit);
}

test('no credentials: every place that was looked in is named', async () => {
  const result = await run(['auth']);
  expectMessage(result, 'CREDENTIALS_MISSING', 2);
  for (const place of ['KAGGLE_API_TOKEN', 'KAGGLE_USERNAME', 'kaggle.json']) {
    expect(result.stderr).toContain(place);
  }
});

test('an import without credentials starts nothing', async () => {
  expectMessage(await run(['import', '--all']), 'CREDENTIALS_MISSING', 2);
});

test('a kaggle.json that is not JSON is named', async () => {
  const KAGGLE_CONFIG_DIR = join(folder, 'broken-kaggle');
  mkdirSync(KAGGLE_CONFIG_DIR);
  writeFileSync(join(KAGGLE_CONFIG_DIR, 'kaggle.json'), '{"username": ', { mode: 0o600 });
  const result = await run(['auth'], { KAGGLE_CONFIG_DIR });
  expectMessage(result, 'CREDENTIALS_UNREADABLE', 2);
  expect(result.stderr).toContain(join(KAGGLE_CONFIG_DIR, 'kaggle.json'));
});

test('an unknown dataset: the nearest name is offered', async () => {
  const result = await run(['import', 'irsi']);
  expectMessage(result, 'DATASET_UNKNOWN', 2);
  expect(result.stderr).toContain('"iris"');
});

test('a YAML error: file, line and column', async () => {
  const file = join(folder, 'broken.yaml');
  writeFileSync(file, 'datasets:\n  iris:\n    kagle_ref: uciml/iris\n');
  const result = await run(['check'], { KAGGLE_IMPORT_CONFIG: file });
  expectMessage(result, 'CONFIG_INVALID', 2);
  expect(result.stderr).toContain(`${file}:3:5`);
});

test('bad variables: all of them at once, with exit code 2', async () => {
  const result = await run(['check'], { STORAGE_BACKEND: 'tape', METRICS_PORT: 'x' });
  expectMessage(result, 'ENVIRONMENT_INVALID', 2);
  expect(result.stderr).toContain('STORAGE_BACKEND');
  expect(result.stderr).toContain('METRICS_PORT');
});

test('unreachable services: each is named with its reason, exit code 3, no secret', async () => {
  const result = await run(['services'], {
    TEMPORAL_ADDRESS: NOBODY,
    DATABASE_URL: `postgresql://me:hunter2@${NOBODY}/x`,
    MINIO_ENDPOINT: NOBODY,
    MINIO_ACCESS_KEY: 'a',
    MINIO_SECRET_KEY: 'hunter3',
    KAGGLE_USERNAME: 'me',
    KAGGLE_KEY: 'hunter4',
    KAGGLE_API_BASE: `http://${NOBODY}/api`,
  });
  expectMessage(result, 'SERVICES_UNREACHABLE', 3);
  for (const code of [
    'TEMPORAL_UNREACHABLE',
    'DATABASE_UNREACHABLE',
    'STORE_UNREACHABLE',
    'SOURCE_UNREACHABLE',
  ]) {
    expect(result.stdout).toContain(code);
  }
  expect(result.stdout + result.stderr).not.toMatch(/hunter\d/);
});

test('a wrong call: usage with exit code 2', async () => {
  expectMessage(await run(['import']), 'USAGE', 2);
  expect((await run(['no-such-verb'])).exitCode).toBe(2);
});

test('--help names every verb and ends with 0', async () => {
  const { stdout, exitCode } = await run(['--help']);
  expect(exitCode).toBe(0);
  for (const verb of [
    'demo',
    'up',
    'down',
    'auth',
    'check',
    'services',
    'list',
    'import',
    'plan',
    'status',
    'search',
    'schedule',
    'clean',
  ]) {
    expect(stdout).toMatch(new RegExp(`^  ${verb}\\b`, 'm'));
  }
});
