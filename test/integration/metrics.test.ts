/** The metrics that docs/operations.md names are there, and count; neither they nor the log tell a secret. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { IMPORT_ALL_WORKFLOW_ID, TASK_QUEUES } from '../../src/contract.js';
import { SAMPLE_ACCOUNT } from '../../src/stack/kaggle-server/index.js';
import { eventually } from '../helpers/eventually.js';
import { ImportSite } from '../helpers/import-site.js';
import { read, section } from '../helpers/markdown.js';
import { freePort } from '../helpers/free-port.js';

const documented = [
  ...section(read('docs/operations.md'), '## Metrics and logs').matchAll(
    /`((?:temporal|kaggle_import)_\w+)`/g,
  ),
].map(([, name]) => name!);

/** Of ours: what `promtool check metrics` would say (https://prometheus.io/docs/practices/naming/). */
function unconventional(exposition: string): string[] {
  const types = new Map(
    [...exposition.matchAll(/^# TYPE (kaggle_import_\S+) (\w+)$/gm)].map(([, name, type]) => [
      name!,
      type!,
    ]),
  );
  expect(types.size).toBeGreaterThanOrEqual(4);
  return [...types].flatMap(([name, type]) => [
    ...((type === 'counter') === name.endsWith('_total') ? [] : [`${name}: _total and counter`]),
    ...(new RegExp(`^# HELP ${name} \\S`, 'm').test(exposition) ? [] : [`${name}: no help`]),
    ...(/_(ms|milliseconds|minutes|hours|kb|mb|kilobytes|megabytes)(_|$)/i.test(name)
      ? [`${name}: no base unit`]
      : []),
    ...(/_(counter|gauge|histogram|count|sum|bucket)(_total)?$/.test(name)
      ? [`${name}: its type in its name`]
      : []),
    ...(/^[a-z][a-z0-9_]*$/.test(name) ? [] : [`${name}: not snake case`]),
  ]);
}

test('an import that works and one that fails show in the metrics', async () => {
  const site = await ImportSite.open({
    datasets: {
      good: { 'good.csv': 'a,b\n1,2\n' },
      broken: { 'broken.csv': 'a,b\n1,2\n3,4,5\n' },
    },
  });
  try {
    const METRICS_PORT = String(await freePort());
    await site.startWorker('one', { METRICS_PORT });
    await (await site.start('good')).result();
    await (await site.start('broken')).result().catch(() => undefined);
    await site.namespace.client.workflow.execute('importAll', {
      ...{ taskQueue: TASK_QUEUES.control, workflowId: IMPORT_ALL_WORKFLOW_ID },
      args: [{ only: ['good'] }],
    });

    const metrics = async (): Promise<string> =>
      (await fetch(`http://127.0.0.1:${METRICS_PORT}/metrics`)).text();
    expect(documented.length).toBeGreaterThanOrEqual(6);
    for (const name of documented) {
      await eventually(name, async () => new RegExp(`\\n${name}[ {]`).test(await metrics()));
    }
    expect(unconventional(await metrics())).toEqual([]);
    const log = readFileSync(join(site.folder, 'one', 'worker.log'), 'utf8');
    const secrets = [
      SAMPLE_ACCOUNT.token,
      site.store['MINIO_SECRET_KEY']!,
      new URL(site.databaseUrl).password,
    ];
    for (const secret of secrets) expect((await metrics()) + log).not.toContain(secret);
    expect(log).toContain('worker ready');
  } finally {
    await site.close();
  }
});
