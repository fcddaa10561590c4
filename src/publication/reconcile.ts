/** Brings what ended without a word to its right end: rows of imports, objects, parts of uploads, work folders. */
import type { Catalog, ImportStart, RunEnd, RunId } from '../catalog/index.js';
import { requireOwnBucket, type ObjectStore } from '../store/index.js';
import { removeLeftovers } from './leftovers.js';
import { movePointer } from './pointer.js';

/** What knows of runs: one namespace of Temporal. */
export interface Runs {
  readonly namespaceId: string;
  /** `unknown` for a run that this namespace never had, or has forgotten. */
  endOf(run: RunId): Promise<RunEnd | 'running' | 'unknown'>;
}

export interface Reconciled {
  /** Runs whose end is recorded now. */
  readonly closed: readonly string[];
  readonly removedObjects: number;
}

/** Longer than any run takes: a run of another namespace, or of a time before namespaces were recorded. */
const FORGOTTEN_AFTER_MS = 30 * 86_400_000;

/**
 * Callable at any time, by any number at once: at the start of a worker, in `status`, by `gc`. Runs that go on are left
 * alone, and so are those of other namespaces.
 */
export async function reconcile(
  { catalog, store }: { readonly catalog: Catalog; readonly store: ObjectStore },
  runs: Runs,
  signal: AbortSignal,
): Promise<Reconciled> {
  const closed: string[] = [];
  await requireOwnBucket(store, await catalog.id(), signal);
  for await (const { run, end } of unrecordedEnds(catalog, runs, signal)) {
    // It may have died between its commit and the pointer; a row that is closed is not looked at again.
    await movePointer({ catalog, store }, run.dataset, signal);
    await catalog.closeImport(run, end);
    closed.push(run.dataset);
  }
  let removedObjects = 0;
  for (const { prefix, ...run } of await catalog.abandonedPrefixes()) {
    signal.throwIfAborted();
    removedObjects += await removeLeftovers({ catalog, store }, prefix, run, signal);
  }
  return { closed, removedObjects };
}

/** Of runs that have ended though their rows say that they run. */
export async function* unrecordedEnds(
  catalog: Pick<Catalog, 'unfinishedImports'>,
  runs: Runs,
  signal: AbortSignal,
): AsyncGenerator<{ readonly run: ImportStart; readonly end: RunEnd }> {
  for (const run of await catalog.unfinishedImports()) {
    signal.throwIfAborted();
    const end = await endOf(run, runs);
    if (end) yield { run, end };
  }
}

async function endOf(run: ImportStart, runs: Runs): Promise<RunEnd | undefined> {
  const isForgotten = Date.now() - Date.parse(run.startedAt) > FORGOTTEN_AFTER_MS;
  const isOurs = run.namespaceId === runs.namespaceId;
  if (!isOurs && run.namespaceId !== undefined && !isForgotten) return undefined;
  const end = await runs.endOf(run);
  if (end === 'running') return undefined;
  if (end !== 'unknown') return end;
  if (!isOurs && !isForgotten) return undefined;
  return { outcome: 'lost', endedAt: new Date().toISOString() };
}
