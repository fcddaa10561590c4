/** Hosts without room: downloads go to others, conversions wait and say for what. */
import { readdirSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { importWorkflowId } from '../../src/contract.js';
import { totalMemory } from '../../src/room/memory.js';
import { lay } from '../../src/room/promises.js';
import { eventually } from '../helpers/eventually.js';
import { ImportSite } from '../helpers/import-site.js';

let site: ImportSite;
afterEach(() => site.close());

/** In the folder of another user of the disk, so to say. */
const NEVER_FREE = '1000TB';

test('a host without room leaves downloads to one that has it', async () => {
  const names = ['a', 'b', 'c', 'd'];
  site = await ImportSite.open({
    datasets: Object.fromEntries(names.map((name) => [name, { 't.csv': `x\n${name}\n` }])),
  });
  await site.startWorker('one', { KEEP_DISK_FREE: NEVER_FREE });
  const first = await site.start('a');
  await eventually('a download that was given back', async () => (await site.attempts('a')) > 1);
  await site.startWorker('two');
  const handles = await Promise.all(names.slice(1).map((name) => site.start(name)));
  for (const handle of [first, ...handles]) {
    // One that was given back too often before the other host was there waits.
    const waking = setInterval(() => void handle.signal('retryNow').catch(() => undefined), 1_000);
    const result = await handle.result().finally(() => clearInterval(waking));
    expect(result).toMatchObject({ outcome: 'published', rows: 1 });
  }
  const entries = (host: string): string[] =>
    readdirSync(join(site.folder, host, 'cache', 'entries')).filter((name) =>
      readdirSync(join(site.folder, host, 'cache', 'entries', name)).includes('complete.json'),
    );
  expect([entries('one').length, entries('two').length]).toEqual([0, 4]);
});

test('a conversion waits for memory and disk that others of its host have, and says so', async () => {
  site = await ImportSite.open({ datasets: { iris: { 'iris.csv': 'a,b\n1,x\n' } } });
  await site.startWorker('one', {}, ['--role', 'download']);
  const handle = await site.start('iris');
  await eventually('the end of the download', async () =>
    (await site.pendingActivities('iris')).includes('unpack'),
  );
  const cache = join(site.folder, 'one', 'cache');
  const { bavail, bsize } = await statfs(cache);
  const { dev: device } = await stat(cache);
  const memory = await lay(cache, { device, diskBytes: 0, memoryBytes: totalMemory() });
  await site.startWorker('one', {}, ['--role', 'convert']);
  const waitsFor = (of: string) =>
    eventually(`the conversion that waits for ${of}`, async () =>
      (await heartbeat('iris')).includes(`waiting for ${of} of the host`),
    );
  await waitsFor('memory');
  const disk = await lay(cache, { device, diskBytes: bavail * bsize, memoryBytes: 0 });
  await memory.takeBack();
  await waitsFor('disk');
  await disk.takeBack();
  expect(await handle.result()).toMatchObject({ outcome: 'published', rows: 1 });
});

async function heartbeat(dataset: string): Promise<string> {
  const handle = site.namespace.client.workflow.getHandle(importWorkflowId(dataset));
  const { raw } = await handle.describe();
  const payloads = (raw.pendingActivities ?? []).flatMap(
    ({ heartbeatDetails }) => heartbeatDetails?.payloads ?? [],
  );
  return payloads.map(({ data }) => Buffer.from(data ?? []).toString()).join('\n');
}
