/** Tells the catalog by which configuration this worker goes, and the log when workers go by different ones. */
import type { Logger } from './log.js';
import type { Metrics } from './metrics.js';
import type { Resources } from './resources.js';

const EVERY_MS = 30_000;

/** Now and every half minute. The answer ends it, and resolves when nothing of it runs any more. */
export function announceConfigRegularly(
  { catalog, loadConfig, configState }: Pick<Resources, 'catalog' | 'loadConfig' | 'configState'>,
  identity: string,
  { configDiffers }: Pick<Metrics, 'configDiffers'>,
  log: Logger,
): () => Promise<void> {
  let running = Promise.resolve();
  let told = '';
  const announce = async (): Promise<void> => {
    // Also when nothing is imported: a file that breaks by day is known before the night.
    const { digest } = await loadConfig();
    const problem = configState()?.problem;
    await catalog.workers.announce({
      ...{ identity, configDigest: digest },
      ...(problem !== undefined && { configProblem: problem }),
    });
    const digests = new Set((await catalog.workers.present()).map((one) => one.configDigest));
    configDiffers(digests.size > 1);
    const state = [...digests].sort().join(' ');
    if (digests.size > 1 && state !== told) {
      log.error({ digests: [...digests] }, 'workers go by different configuration files');
    }
    told = state;
  };
  const again = (): void => {
    running = running.then(() =>
      // A catalog that is away is told by the import that needs it.
      announce().catch((error: unknown) => log.debug({ error }, 'could not announce this worker')),
    );
  };
  again();
  const timer = setInterval(again, EVERY_MS);
  return async () => {
    clearInterval(timer);
    await running;
    await catalog.workers.withdraw(identity).catch(() => undefined);
  };
}
