/** The calm after a campaign: everything is there again, each source is imported once more, and a day goes by. */
import { join } from 'node:path';
import pg from 'pg';
import { commandRunner } from '../helpers/command.js';
import { diceOf } from '../helpers/hostile-server.js';
import { endOf, startImport, wakeAll, type RunRecord } from './imports.js';
import { wish } from './people.js';
import { ROWS_PERCENT, type Scene } from './scene.js';

/** For the command: what a publication that came to nothing has staged may go by then. Signatures have their own clock. */
const AN_HOUR_LATER = {
  NODE_OPTIONS: '--import=data:text/javascript,const%20now=Date.now;Date.now=()=>now()+3.7e6',
};

/** What `conformance/chaos/judge.py` is given, as JSON. */
export function factsOf(scene: Scene, runs: readonly RunRecord[]) {
  const { site, stack, hosts, truth, latest, wishes } = scene;
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
    wishes,
    rowsPercent: ROWS_PERCENT,
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
  await Promise.all(
    hosts.map(async (host) => {
      await host.stop();
      await host.start();
      await host.stop();
    }),
  );
  const held = runs.filter(({ ended }) => ended === 'held').map(({ dataset }) => dataset);
  held.forEach((dataset) => wish(scene, dataset));
  const approve = held.map((dataset) => ['approve', dataset]);
  for (const verb of [['status'], ...approve, ['gc', '--apply']]) {
    const { exitCode, stdout, stderr } = await run(verb, AN_HOUR_LATER);
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
