/** A workflow changed without `patched()`: it sleeps before it begins. The replay gate must notice it. */
import { sleep } from '@temporalio/workflow';
import type { ImportDatasetInput, ImportResult } from '../../src/contract.js';
import { importDataset as asShipped } from '../../src/workflows/import-dataset.js';

export { importAll } from '../../src/workflows/import-all.js';

export async function importDataset(input: ImportDatasetInput): Promise<ImportResult> {
  await sleep('1 second');
  return asShipped(input);
}
