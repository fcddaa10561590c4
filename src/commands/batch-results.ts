/** How every dataset of a batch went, as the catalog has it, in the order of the configuration. */
import type { Catalog } from '../catalog/index.js';
import type { ImportResult } from '../contract.js';

export async function batchResults(catalog: Catalog, batchId: string): Promise<ImportResult[]> {
  const results = await catalog.batches.results(batchId);
  return results.map(({ errorCode, errorMessage = '', nextStep = '', outcome, ...rest }) => ({
    ...rest,
    outcome: outcome as ImportResult['outcome'],
    ...(errorCode !== undefined && {
      failure: { code: errorCode, message: errorMessage, nextStep },
    }),
  }));
}
