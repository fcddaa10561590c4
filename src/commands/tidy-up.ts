/** Brings imports that could not record their end (killed, terminated, timed out) to it: `status` before it shows them, `clean`. */
import type { Environment } from '../config/environment.js';
import { storageOptions } from '../config/storage.js';
import { ImportError } from '../errors/index.js';
import type { RunEnd } from '../catalog/index.js';
import { reconcile, unrecordedEnds, type Reconciled } from '../publication/reconcile.js';
import { createObjectStore } from '../store/index.js';
import { withClient } from '../temporal/connection.js';
import { runsOf } from '../temporal/run-ends.js';
import { within } from '../within.js';
import { asked, withCatalog, type Asked } from './asked.js';

/** A store that says nothing must not keep back what the catalog and Temporal know. */
const STORE_PATIENCE_MS = 5_000;

/**
 * Gives the failure of the service that is away. Without its store, no row is brought to its end: its objects and
 * the pointer belong to it, and the next call, or a worker, finds all of them.
 */
export function tidyUp(environment: Environment, signal: AbortSignal): Promise<Asked<Reconciled>> {
  return asked(async () => {
    const store = await createObjectStore(storageOptions(environment));
    try {
      await within(STORE_PATIENCE_MS, signal, (patience) => store.ping(patience)).catch(silent);
      return await withCatalog(environment, (catalog) =>
        withClient(environment, async (client) =>
          reconcile({ catalog, store }, await runsOf(client), signal),
        ),
      );
    } finally {
      await store.close();
    }
  });
}

/** By run id: ends that could not be recorded, for as long as the store is away. */
export type Ends = ReadonlyMap<string, RunEnd>;

/** Told in the place of `running`, though nothing records them yet. */
export async function endsUntidied(
  environment: Environment,
  { failure }: Asked<unknown>,
  signal: AbortSignal,
): Promise<Ends> {
  const ends = new Map<string, RunEnd>();
  if (!isOfStore(failure)) return ends;
  // A service that is away besides is told by whoever asks it.
  await asked(() =>
    withCatalog(environment, (catalog) =>
      withClient(environment, async (client) => {
        const unrecorded = unrecordedEnds(catalog, await runsOf(client), signal);
        for await (const { run, end } of unrecorded) ends.set(run.runId, end);
      }),
    ),
  );
  return ends;
}

/** Nothing of what is shown comes from the store; of the other services, whoever asks them says that they are away. */
export function noteUntidied({ failure }: Asked<unknown>, note: (line: string) => void): void {
  if (!isOfStore(failure)) return;
  const { code, message } = failure;
  note(`Imports that ended without a word could not be tidied up: ${code}: ${message}`);
}

function isOfStore(failure: ImportError | undefined): failure is ImportError {
  return failure?.code.startsWith('STORE_') === true;
}

function silent(error: unknown): never {
  if (!(error instanceof DOMException) || error.name !== 'TimeoutError') throw error;
  throw new ImportError('STORE_UNREACHABLE', { found: error.message, cause: error });
}
