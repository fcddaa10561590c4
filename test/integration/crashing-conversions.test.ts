/** What a hostile file, or a killer, does to a process of the pool, it does to no other import and not to the worker. */
import { join } from 'node:path';
import type { ApplicationFailure } from '@temporalio/common';
import type { WorkflowFailedError } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { identify, isAlive } from '../../src/locks/process-identity.js';
import { eventually } from '../helpers/eventually.js';
import { ImportSite } from '../helpers/import-site.js';
import { workbookOf } from '../helpers/workbook.js';
import type { WorkerProcess } from '../helpers/worker-process.js';

const ORDINARY = Array.from({ length: 10 }, (_, i) => `ordinary_${i}`);
const ROWS = 300_000;

/** A column as one list: it cannot be streamed, and is more than `memory_limit` gives. */
function hungryJson(bytes: number): Buffer {
  const element = `"${'x'.repeat(100)}",`;
  return Buffer.concat([
    Buffer.from('{"data":['),
    Buffer.alloc(element.length * Math.ceil(bytes / element.length), element),
    Buffer.from('"y"]}'),
  ]);
}

/** In two kilobytes, the last cell that a sheet can have. */
const FAR_CELL = '<c><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c>';

const people = (seed: string): string =>
  `id,name,born\n${Array.from({ length: ROWS }, (_, i) => `${i},${seed} ${i},2001-02-03`).join('\n')}\n`;

let site: ImportSite;
let worker: WorkerProcess;
beforeAll(async () => {
  site = await ImportSite.open({
    datasets: {
      ...Object.fromEntries(ORDINARY.map((name) => [name, { 'a.csv': `${name}\n1\n2\n` }])),
      hungry: { 'hungry.json': hungryJson(300e6) },
      killed_once: { 'a.csv': people('once') },
      killed_always: { 'a.csv': people('always') },
      killed_early: { 'a.csv': people('early') },
      far: { 'far.xlsx': await workbookOf([FAR_CELL]) },
    },
    settings: { memory_limit: '200MB' },
  });
  worker = await site.startWorker();
});
afterAll(() => site.close());

/** The process that has a file below this folder of the host open. */
function workingOn(dataset: string, folderOfHost = 'work'): number | undefined {
  return worker.workingIn(join(site.folder, 'one', folderOfHost, dataset));
}

async function kill(...place: Parameters<typeof workingOn>): Promise<void> {
  let victim: number | undefined;
  await eventually(`work on ${place.join(' in ')}`, () => {
    victim = workingOn(...place);
    return victim !== undefined;
  });
  const identity = identify(victim!);
  process.kill(victim!, 'SIGKILL');
  await eventually('the end of the process', () => !identity || !isAlive(identity));
}

/** Its outcome, or what it has failed with. */
async function endOf(dataset: string): Promise<string> {
  const handle = await site.start(dataset);
  try {
    return (await handle.result()).outcome;
  } catch (error) {
    const { type, message } = (error as WorkflowFailedError).cause as ApplicationFailure;
    return `${type}: ${message}`;
  }
}

test('beside a file that eats memory and processes that are killed, ten imports succeed', async () => {
  const hungry = endOf('hungry');
  const far = endOf('far');
  const once = await site.start('killed_once');
  await kill('killed_once');
  const always = endOf('killed_always');
  const ordinary = Promise.all(ORDINARY.map(endOf));
  let isOver = false;
  void always.finally(() => (isOver = true));
  while (!isOver) {
    const victim = workingOn('killed_always');
    if (victim !== undefined) process.kill(victim, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(await always).toMatch(/^CONVERSION_CRASHED: .*SIGKILL/);
  expect(await hungry).toMatch(/^CONVERSION_CRASHED: .*hungry\.json: .*more memory than it may/);
  expect(await far).toBe('published');
  expect(await once.result()).toMatchObject({ outcome: 'published', rows: ROWS });
  expect(await ordinary).toEqual(ORDINARY.map(() => 'published'));
  expect(site.workFiles()).toEqual([]);
});

test('a download whose process is killed goes on with the bytes that are there', async () => {
  const match = { dataset: 'owner/killed_early' };
  site.kaggle.faults.add({ kind: 'slow', bytesPerSecond: 2_000_000, match });
  const handle = await site.start('killed_early');
  await kill('kaggle-owner-killed-early-v1', 'cache/entries');
  expect(await handle.result()).toMatchObject({ outcome: 'published', rows: ROWS });
});

test('a worker that is killed takes its processes with it', async () => {
  const children = worker.processes().map((pid) => identify(pid));
  expect(children.length).toBeGreaterThanOrEqual(2);
  await worker.kill();
  for (const child of children) {
    await eventually('the end of a process', () => !child || !isAlive(child));
  }
});
