/** `rollback`: makes the version before the current one, or a named one, current again. */
import type { DescribedVersion } from '../catalog/index.js';
import { ImportError } from '../errors/index.js';
import { configFile } from '../config/environment.js';
import { loadDatasetsConfig } from '../config/load.js';
import { goBack } from '../publication/go-back.js';
import { chooseVersion, findVersions, parseHandle, versionName } from '../published/index.js';
import { notingBegun } from './begun-before.js';
import { commandEnvironment, type CommandContext } from './context.js';
import { withOwnStore } from './own-store.js';

export async function rollback(
  named: string,
  version: string | undefined,
  { signal, result, note }: CommandContext,
): Promise<void> {
  const handle = parseHandle(named);
  const { dataset } = handle;
  const wanted = version ?? handle.version;
  const environment = await commandEnvironment();
  const { iceberg } = (await loadDatasetsConfig(configFile(environment))).settings;
  await withOwnStore(environment, signal, async ({ catalog, store }) => {
    const versions = await findVersions(catalog, dataset);
    const before = versions.find(({ current }) => current);
    const target =
      wanted === undefined
        ? versionBefore(versions, dataset)
        : chooseVersion(versions, dataset, wanted);
    const hasChanged = await notingBegun(catalog, dataset, 'the rollback', note, () =>
      goBack({ catalog, store, iceberg }, dataset, target, signal),
    );
    const { sourceVersion, versionId, prefix } = target;
    const text = hasChanged
      ? `${dataset}: version ${versionName(target)} is current again, no longer ${before ? versionName(before) : 'none'}.\n` +
        'Imports leave it so until the source has another version or the configuration changes.'
      : `${dataset}: version ${versionName(target)} was current already.`;
    result({ dataset, version: sourceVersion, versionId, prefix, hasChanged }, text);
  });
}

/** The newest stored version among those that were published before the current one. */
function versionBefore(versions: readonly DescribedVersion[], dataset: string): DescribedVersion {
  const current = versions.findIndex((version) => version.current);
  const before = versions.slice(current + 1).find(({ state }) => state === 'superseded');
  if (before) return before;
  throw new ImportError('VERSION_UNKNOWN', {
    place: dataset,
    expected: 'a stored version that was published before the current one',
    found: `none among ${versions.length}`,
    nextStep: `See all of them with \`make versions NAME=${dataset}\`.`,
  });
}
