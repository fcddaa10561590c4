/** Workers by role and by version: who takes what, and on whose code a run ends. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { importWorkflowId, TASK_QUEUES } from '../../src/contract.js';
import { pollersOf } from '../../src/temporal/pollers.js';
import { eventually } from '../helpers/eventually.js';
import { ImportSite } from '../helpers/import-site.js';
import { temporal } from '../helpers/temporal-cli.js';

let site: ImportSite;
afterEach(() => site.close());

async function polls(name: string): Promise<number> {
  const { client, name: namespace } = site.namespace;
  return (await pollersOf(client, namespace, { name, takes: 'activities' })).length;
}

test('one that downloads leaves the files to one that converts on its host', async () => {
  site = await ImportSite.open({ datasets: { iris: { 'iris.csv': 'a,b\n1,x\n' } } });
  const start = (role: string) => site.startWorker('one', {}, ['--role', role]);
  await expect(start('unpack')).rejects.toThrow(/USAGE.*--role unpack/s);
  await start('download');
  const handle = await site.start('iris');
  await eventually('the end of the download', async () =>
    (await site.pendingActivities('iris')).includes('unpack'),
  );
  await start('convert');
  expect(await handle.result()).toMatchObject({ outcome: 'published', rows: 1 });
  const [control, download] = [TASK_QUEUES.control, TASK_QUEUES.download];
  expect([await polls(control), await polls(download)]).toEqual([1, 1]);
});

test('an import ends on the version that began it; the next one begins on the new version', async () => {
  site = await ImportSite.open({
    datasets: { old: { 'a.csv': 'a\n1\n' }, next: { 'b.csv': 'b\n2\n' } },
  });
  const deployed = (build: string) => ({
    WORKER_DEPLOYMENT: 'kaggle-import',
    ...(build !== '' && { WORKER_BUILD_ID: build }),
  });
  const makeCurrent = (build: string) =>
    temporal(site.namespace.name, [
      ...['worker', 'deployment', 'set-current-version', '--yes'],
      ...['--deployment-name', 'kaggle-import', '--build-id', build],
    ]);
  const first = await site.startWorker('one', deployed(''));
  const log = readFileSync(join(site.folder, 'one', 'worker.log'), 'utf8');
  const built = /"buildId":"(0[^"]+-[0-9a-f]{12})"/.exec(log)![1]!;
  await makeCurrent(built);
  const held = site.gate.hold(/^PUT .*\/old\/.*\.parquet/);
  const old = await site.start('old');
  await held;
  const second = await site.startWorker('two', deployed('newer'));
  await makeCurrent('newer');
  const next = await site.start('next');
  expect(await next.result()).toMatchObject({ outcome: 'published' });
  site.gate.open();
  expect(await old.result()).toMatchObject({ outcome: 'published' });
  expect(await buildsOf('old')).toEqual([built]);
  expect(await buildsOf('next')).toEqual(['newer']);
  await eventually('the drained version', async () =>
    (
      await temporal(site.namespace.name, [
        ...['worker', 'deployment', 'describe-version', '--output', 'json'],
        ...['--deployment-name', 'kaggle-import', '--build-id', built],
      ])
    ).includes('"drain'),
  );
  expect([await first.stop(), await second.stop()]).toEqual([0, 0]);
});

/** Of the workers on which the workflow went forward. */
async function buildsOf(dataset: string): Promise<string[]> {
  const handle = site.namespace.client.workflow.getHandle(importWorkflowId(dataset));
  const { events } = await handle.fetchHistory();
  const builds = (events ?? []).flatMap(({ workflowTaskCompletedEventAttributes: done }) =>
    done ? [done.deploymentVersion?.buildId ?? 'none'] : [],
  );
  return [...new Set(builds)];
}
