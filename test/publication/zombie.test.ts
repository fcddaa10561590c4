/** A zombie of a terminated import, overtaken by a newer one: nothing of it is seen, and nothing published changes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { soonMissed } from '../helpers/faster/index.js';
import {
  changesNothing,
  openZombieSite,
  publishNewer,
  type ZombieSite,
} from '../helpers/zombie-site.js';

const folder = mkdtempSync(join(tmpdir(), 'kaggle-import-zombie-'));
let missed: Record<string, string>;
beforeAll(async () => {
  missed = await soonMissed(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** In its transaction: objects are looked at by then, and only the fence is left. */
async function untilCommitting({ store, database }: ZombieSite): Promise<void> {
  await store.hold(/^PUT .*\/croissant\.json/);
  const reached = database.holdAnswer(/BEGIN/);
  store.open();
  await reached;
}

const untilMoving = ({ store }: ZombieSite): Promise<void> => store.hold(/^PUT .*\/current\.json/);

test.concurrent.each([
  { way: 'is cut off from Temporal', moment: 'it commits', reach: untilCommitting },
  { way: 'is cut off from Temporal', moment: 'it moves the pointer', reach: untilMoving },
  { way: 'stands still', moment: 'it commits', reach: untilCommitting },
  { way: 'stands still', moment: 'it moves the pointer', reach: untilMoving },
])('a worker that $way as $moment changes nothing when it goes on', async ({ way, reach }) => {
  const opened = await openZombieSite(missed);
  const { site, store, database, temporal, zombie, close } = opened;
  try {
    const reached = reach(opened);
    const old = await site.start('people');
    await reached;
    const isStill = way === 'stands still';
    if (isStill) process.kill(zombie.pid, 'SIGSTOP');
    else temporal.refuse();
    await old.terminate();
    await site.startWorker('two', missed);
    await publishNewer(site);
    await changesNothing(opened, () => {
      store.open();
      database.open();
      if (isStill) process.kill(zombie.pid, 'SIGCONT');
    });
    // One that reaches Temporal hears of the termination as well: either ends it. So does the connection that it
    // holds, when it had to wait for too long.
    if (!isStill && reach === untilCommitting) {
      expect(zombie.output()).toMatch(/IMPORT_SUPERSEDED|DATABASE_UNREACHABLE/);
    }
  } finally {
    await close();
  }
});
