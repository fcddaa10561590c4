/** A test run that is killed leaves nothing: whatever belongs to its folder ends with it, and nothing else. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { identify } from '../../src/locks/process-identity.js';
import { eventually } from '../helpers/eventually.js';

const reaper = join(import.meta.dirname, '..', 'helpers', 'reaper.js');
const PATH = process.env['PATH'];

test('servers that outlive it are ended by name, by folder and by environment', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kaggle-import-killed-'));
  const inside = join(folder, 'inside');
  mkdirSync(inside);
  const start = (args: readonly string[], cwd: string, TMPDIR: string): number => {
    const env = { PATH, TMPDIR };
    const child = spawn('sleep', args, { cwd, env, detached: true, stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child.pid!;
  };
  const left = [start(['600'], '/', folder), start(['600'], inside, '/tmp')];
  const stranger = start(['600'], '/', `/tmp/another-run`);

  const run = spawn(process.execPath, [reaper, folder], { stdio: ['pipe', 'ignore', 'inherit'] });
  // While the pipe is open, the run goes on.
  expect(left.map((pid) => identify(pid) !== undefined)).toEqual([true, true]);
  run.stdin.end();
  await once(run, 'exit');
  await eventually('their end', () => left.every((pid) => identify(pid) === undefined));
  expect(existsSync(folder)).toBe(false);
  expect(identify(stranger)).toBeDefined();
});
