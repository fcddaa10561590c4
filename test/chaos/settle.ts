/** The calm after a campaign: everything is there again, each source is imported once more, and a day goes by. */
import { join } from 'node:path';
import pg from 'pg';
import { commandRunner } from '../helpers/command.js';
import { diceOf } from '../helpers/hostile-server.js';
import { endOf, startImport, wakeAll, type RunRecord } from './imports.js';
import type { Scene } from './scene.js';

/** What `conformance/chaos/judge.py` is given, as JSON. */
export function factsOf(scene: Scene, runs: readonly RunRecord[]) {
  const { site, stack, hosts, truth, latest } = scene;
  return {
    database: site.databaseUrl,
    store: {
      endpoint: `http://${site.store['MINIO_ENDPOINT']}`,
      accessKey: site.store['MINIO_ACCESS_KEY'],
      secretKey: site.store['MINIO_SECRET_KEY'],
      bucket: site.bucket,
      /** Where MinIO itself keeps the parts of uploads that nobody has finished. */
      unfinished: join(stack.directory, 'minio', '.minio.sys', 'multipart'),
    },
    truth,
    latest,
    runs,
    workFolders: hosts.map(({ disk }) => join(disk, 'work')),
    caches: hosts.map(({ disk }) => join(disk, 'cache')),
  };
}

/** Gives the runs of the calm. */
export async function settle(scene: Scene): Promise<RunRecord[]> {
  const { site, hosts, specs, datasets, options } = scene;
  const { client } = site.namespace;
  site.kaggle.faults.clear();
  await Promise.all(hosts.map((host) => host.ensure()));
  await wakeAll(client, datasets);
  const dice = diceOf(options.seed + 1);
  for (const spec of specs) await scene.publish(spec, dice);
  const runs = await Promise.all(
    datasets.map(async (dataset) => endOf(await startImport(client, { dataset }))),
  );
  await aDayGoesBy(site.databaseUrl);
  const { run } = commandRunner(site.environment('command'));
  // A worker removes at its start what ended while it was away; `status` brings runs to their end.
  for (const host of hosts) {
    await host.stop();
    await host.start();
    await host.stop();
  }
  for (const verb of [['status'], ['gc', '--apply']]) {
    const { exitCode, stdout, stderr } = await run(verb);
    if (exitCode !== 0) throw new Error(`${verb.join(' ')}: ${stdout}${stderr}`);
  }
  return runs;
}

/** What was removed is looked through once more a day later. */
async function aDayGoesBy(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`UPDATE object_prefixes SET removed_at = removed_at - interval '2 days'`);
  await client.end();
}
