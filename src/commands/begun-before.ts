/** Imports that a person's change of what is current overtakes: they go on, and will not publish anything. */
import type { Catalog } from '../catalog/index.js';

/**
 * Runs `change`, which says whether it has changed anything; then notes the imports that had begun before it.
 * @param what - `the rollback`
 */
export async function notingBegun(
  catalog: Pick<Catalog, 'unfinishedImports'>,
  dataset: string,
  what: string,
  note: (line: string) => void,
  change: () => Promise<boolean>,
): Promise<boolean> {
  // Asked before: an import that begins after the change may publish.
  const unfinished = await catalog.unfinishedImports();
  const hasChanged = await change();
  for (const run of hasChanged ? unfinished : []) {
    if (run.dataset !== dataset) continue;
    note(`${run.workflowId} has begun before ${what}: it will not publish anything.`);
  }
  return hasChanged;
}
