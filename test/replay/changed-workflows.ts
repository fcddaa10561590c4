/** Workflows changed without `patched()`: they sleep before they begin. The replay gate must notice it. */
import { sleep } from '@temporalio/workflow';
import type {
  ImportDatasetInput,
  ImportResult,
  VerifyInput,
  VerifyResult,
} from '../../src/contract.js';
import { importDataset as asShipped } from '../../src/workflows/import-dataset.js';
import { verifyPublished as verifiedAsShipped } from '../../src/workflows/upkeep.js';

export { importAll } from '../../src/workflows/import-all.js';
export { collectGarbage } from '../../src/workflows/upkeep.js';

export async function importDataset(input: ImportDatasetInput): Promise<ImportResult> {
  await sleep('1 second');
  return asShipped(input);
}

export async function verifyPublished(input: VerifyInput): Promise<VerifyResult> {
  await sleep('1 second');
  return verifiedAsShipped(input);
}
