/** Limits of control groups, laid out as Linux shows them: on a host, in a container, by systemd. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { groupMemory } from '../../src/room/memory.js';
import { temporaryFolder } from '../helpers/kaggle-for-test.js';

const MB = 1024 ** 2;
const UNLIMITED_1 = '9223372036854771712\n';

async function memoryIn(own: string, files: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries({ 'own/cgroup': own, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return groupMemory(folder, join(folder, 'own/cgroup'));
}

const group2 = (path: string, max: number | 'max', current: number, cached = 0) => ({
  [`${path}/memory.max`]: `${max}\n`,
  [`${path}/memory.current`]: `${current}\n`,
  [`${path}/memory.stat`]: `anon ${current - cached}\nfile ${cached}\nactive_file ${cached}\ninactive_file 0\n`,
});

const group1 = (path: string, max: string, current: number, cached = 0) => ({
  [`memory/${path}/memory.limit_in_bytes`]: max,
  [`memory/${path}/memory.usage_in_bytes`]: `${current}\n`,
  [`memory/${path}/memory.stat`]: `active_file 1\ninactive_file 1\ntotal_inactive_file ${cached}\ntotal_active_file 0\n`,
});

test('in a container, whose group is the root that it sees; cached files are no loss', async () => {
  expect(await memoryIn('0::/\n', group2('.', 512 * MB, 300 * MB, 200 * MB))).toEqual({
    ...{ limit: 512 * MB, left: 412 * MB },
  });
});

test('the limit of a slice above the own group counts, and the nearest of several', async () => {
  const own = '0::/system.slice/worker.service/inner\n';
  const groups = {
    ...group2('system.slice', 900 * MB, 850 * MB),
    ...group2('system.slice/worker.service', 400 * MB, 100 * MB),
    ...group2('system.slice/worker.service/inner', 'max', 100 * MB),
  };
  expect(await memoryIn(own, groups)).toEqual({ limit: 400 * MB, left: 50 * MB });
});

test('memory that version 1 still counts is read there, with what lies below a group', async () => {
  const own = '12:pids:/docker/x\n5:cpu,memory:/docker/x\n1:name=systemd:/docker/x\n0::/docker/x\n';
  const groups = {
    ...group1('docker/x', `${256 * MB}\n`, 200 * MB, 60 * MB),
    ...group1('docker', UNLIMITED_1, 900 * MB),
  };
  expect(await memoryIn(own, groups)).toEqual({ limit: 256 * MB, left: 116 * MB });
});

test.each([
  ['no limit', '0::/x\n', group2('x', 'max', 100)],
  ['groups of somebody else', '0::/../../other\n', {}],
  ['nothing at all', '', {}],
])('%s is none', async (_what, own, groups) => {
  expect(await memoryIn(own, groups)).toEqual({ limit: Infinity, left: Infinity });
});

test('used beyond the limit, nothing is left', async () => {
  expect(await memoryIn('0::/x\n', group2('x', 100, 150))).toEqual({ limit: 100, left: 0 });
});
