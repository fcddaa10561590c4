/** A worker that ships, in which an hour of retries is over sooner, or its death is seen sooner. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * What a worker process is started with.
 * @param times - so much shorter are the pauses between attempts and the waits of workflows
 */
export function fasterBy(times: number, folder: string): Promise<Record<string, string>> {
  return faster(times, AS_SHIPPED_SECONDS, folder);
}

/**
 * What a worker process is started with, whose heartbeats the server misses after seconds, not a minute. They come
 * every five: a worker that is only slow is not taken for dead.
 */
export function soonMissed(folder: string): Promise<Record<string, string>> {
  return faster(1, MISSED_AFTER_SECONDS, folder);
}

const MISSED_AFTER_SECONDS = 20;
/** Longer than any of them. */
const AS_SHIPPED_SECONDS = 3_600;

async function faster(times: number, heartbeatSeconds: number, folder: string) {
  const { code } = await bundleWorkflowCode({
    workflowsPath: here('../../../src/workflows/index.ts'),
    workflowInterceptorModules: [here('./interceptors.ts')],
    logger: new DefaultLogger('ERROR'),
  });
  const bundle = join(folder, 'faster-bundle.js');
  const values = { 'FASTER-TIMES': times, 'HEARTBEAT-SECONDS': heartbeatSeconds };
  const changed = Object.entries(values).reduce((text, [name, value]) => {
    if (!text.includes(name)) throw new Error(`The bundle has no ${name}`);
    return text.replace(name, String(value));
  }, code);
  writeFileSync(bundle, changed);
  return {
    ...{ FASTER: String(times), FASTER_BUNDLE: bundle },
    NODE_OPTIONS: `--import=${pathToFileURL(here('./worker.js')).href}`,
  };
}
