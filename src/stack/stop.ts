/** Takes the embedded stack down: the worker first, then the servers, leaving no process behind. */
import { existsSync } from 'node:fs';
import { withStackLock } from './lock.js';
import { stopOrphans } from './orphans.js';
import { isAlive } from '../locks/process-identity.js';
import { endService } from './services.js';
import { readRecord, writeRecord } from './state-file.js';
import { SERVICE_NAMES } from './types.js';
import type { ReportProgress } from './types.js';
import { endWorker } from './worker.js';

/** Keeps data and ports for the next start. Safe when nothing runs. */
export async function stopStack(
  directory: string,
  { onProgress }: { onProgress: ReportProgress },
): Promise<void> {
  if (!existsSync(directory)) return;
  await withStackLock(directory, { onProgress }, async () => {
    const record = readRecord(directory) ?? { services: {} };
    // First, while the servers still answer: the worker hands its activities back.
    await endWorker(directory, record, onProgress);
    await Promise.all(
      SERVICE_NAMES.map(async (name) => {
        const known = record.services[name];
        if (!known || !isAlive(known)) return;
        onProgress(`${name}: stopping`);
        await endService(name, record, directory);
      }),
    );
    await stopOrphans(directory, record, onProgress);
    writeRecord(directory, record);
  });
}
