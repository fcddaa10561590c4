/** The command as it is installed: one bundle, in which every verb finds what it needs. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { client } from '../helpers/command.js';

const chunks = join(client, '..', 'command');

test('every part of the bundle can be loaded, in whatever order', () => {
  const parts = readdirSync(chunks)
    .filter((file) => file.endsWith('.js'))
    .map((file) => pathToFileURL(join(chunks, file)).href);
  expect(parts.length).toBeGreaterThan(20);
  const load = `for (const part of ${JSON.stringify(parts)}) await import(part); console.log('loaded');`;
  // Those that share something with the command's own module run it.
  const args = ['--input-type=module', '-e', load, 'kaggle-import', '--version'];
  expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toMatch(/^loaded$/m);
});

test('a stack trace names the files of src/', () => {
  const args = [client, 'inspect', '/nowhere', '--debug'];
  const { stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(stderr).toMatch(/src\/commands\/inspect-files\.ts:\d+/);
});

test('help whose reader has gone is no failure', () => {
  const args = ['-c', 'set -o pipefail; "$0" "$1" --help | true', process.execPath, client];
  const { status, stderr } = spawnSync('bash', args, { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});
