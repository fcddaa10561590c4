/** A large table is converted while its archive arrives; what ends that ends nothing else, and leaves nothing. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../helpers/eventually.js';
import { ImportSite } from '../helpers/import-site.js';
import type { WorkerProcess } from '../helpers/worker-process.js';

/** Some 37 MB, 9 of them packed. */
const ROWS = 400_000;
const LINK = { kind: 'slow', bytesPerSecond: 600_000 } as const;
/** As far as that, much is unpacked, and more is to come. */
const SOME = { kind: 'hang', afterBytes: 7_000_000 } as const;

const spread = (row: number): number => Math.imul(row, 2_654_435_761) >>> 0;
const orders = (seed: string): string =>
  `id,note,price,day\n${Array.from({ length: ROWS }, (_x, row) => `${100_000 + row},${seed} ${spread(row)} ${spread(row + 7)} ${spread(row * 3)} ${'x'.repeat(30)},${(spread(row) % 9000) / 100},2024-0${(row % 9) + 1}-11\n`).join('')}`;

let site: ImportSite;
let worker: WorkerProcess;
beforeAll(async () => {
  const names = ['taken', 'killed', 'cancelled'];
  site = await ImportSite.open({
    datasets: Object.fromEntries(names.map((name) => [name, { 'orders.csv': orders(name) }])),
  });
  worker = await site.startWorker();
  site.kaggle.faults.add({ ...LINK, match: { dataset: 'owner/taken' } });
  site.kaggle.faults.add({ ...LINK, match: { dataset: 'owner/killed' } });
  site.kaggle.faults.add({ ...SOME, match: { dataset: 'owner/cancelled' } });
});
afterAll(() => site.close());

/** What is there of it, by its names below the folder of the run. */
function arrived(dataset: string): string[] {
  try {
    return readdirSync(join(site.folder, 'one', 'work', dataset), { recursive: true })
      .map((path) => String(path))
      .filter((path) => path.includes('/arrived/'));
  } catch {
    return [];
  }
}

const isCopying = (dataset: string): boolean =>
  arrived(dataset).some((path) => path.endsWith('/pipe'));

test('with its last byte the table is all but written', async () => {
  const handle = await site.start('taken');
  await eventually('the rows that have arrived', () =>
    arrived('taken').some((path) => path.endsWith('/table')),
  );
  expect(await handle.result()).toMatchObject({ outcome: 'published', rows: ROWS });
  expect(site.workFiles()).toEqual([]);
});

test('a process that is killed over it costs nothing but that', async () => {
  const handle = await site.start('killed');
  await eventually('a table that arrives', () => isCopying('killed'));
  const copying = worker.workingIn(join(site.folder, 'one', 'work', 'killed'));
  process.kill(copying!, 'SIGKILL');
  expect(await handle.result()).toMatchObject({ outcome: 'published', rows: ROWS });
  expect(site.workFiles()).toEqual([]);
});

test('a cancelled download ends it', async () => {
  const handle = await site.start('cancelled');
  await eventually('a table that arrives', () => isCopying('cancelled'));
  await handle.cancel();
  await expect(handle.result()).rejects.toThrow();
  await eventually('nothing to be left', () => site.workFiles().length === 0);
});
