/** A worker that ships, in which an hour of retries is over sooner: for outages that last. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * What a worker process is started with.
 * @param times - so much shorter are the pauses between attempts and the waits of workflows
 */
export async function fasterBy(times: number, folder: string): Promise<Record<string, string>> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: here('../../../src/workflows/index.ts'),
    workflowInterceptorModules: [here('./interceptors.ts')],
    logger: new DefaultLogger('ERROR'),
  });
  if (!code.includes('FASTER-TIMES')) throw new Error('The bundle has no pauses to shorten');
  const bundle = join(folder, 'faster-bundle.js');
  writeFileSync(bundle, code.replace('FASTER-TIMES', String(times)));
  return {
    ...{ FASTER: String(times), FASTER_BUNDLE: bundle },
    NODE_OPTIONS: `--import=${pathToFileURL(here('./worker.js')).href}`,
  };
}
