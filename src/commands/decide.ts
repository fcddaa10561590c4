/** `approve` and `reject`: a person decides about the version of a dataset that is held. */
import { configFile } from '../config/environment.js';
import { loadDatasetsConfig } from '../config/load.js';
import { decide as decideHeld, findUndecided, type Decision } from '../publication/decide.js';
import { parseHandle, versionName } from '../published/index.js';
import { notingBegun } from './begun-before.js';
import { commandEnvironment, type CommandContext } from './context.js';
import { withOwnStore } from './own-store.js';

export async function decide(
  decision: Decision,
  named: string,
  version: string | undefined,
  { signal, result, note }: CommandContext,
): Promise<void> {
  const handle = parseHandle(named);
  const { dataset } = handle;
  const environment = await commandEnvironment();
  const { iceberg } = (await loadDatasetsConfig(configFile(environment))).settings;
  await withOwnStore(environment, signal, async (own) => {
    const target = await findUndecided(own.catalog, dataset, version ?? handle.version);
    const change = () => decideHeld({ ...own, iceberg }, dataset, target, decision, signal);
    const hasChanged =
      decision === 'approve'
        ? await notingBegun(own.catalog, dataset, 'the approval', note, change)
        : await change();
    const { sourceVersion, versionId, prefix } = target;
    const data = { dataset, version: sourceVersion, versionId, prefix, decision, hasChanged };
    result(
      data,
      `${dataset}: version ${versionName(target)} ${WORDS[decision][Number(hasChanged)]}`,
    );
  });
}

/** By whether something has changed: no, yes. */
const WORDS: Readonly<Record<Decision, readonly [string, string]>> = {
  approve: ['was current already.', 'is current now.'],
  reject: [
    'was rejected already.',
    'is rejected.\nImports leave it so until the source has another version or the configuration changes; `gc` removes it.',
  ],
};
