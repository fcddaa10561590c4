/** What an import of a pinned source would find: asked by it, and by `plan`. */
import type { Catalog, PublishedVersion } from '../catalog/index.js';
import type { DatasetEntry } from '../config/datasets.js';
import type { FailedTables } from '../contract.js';
import { driftText } from '../published/drift.js';
import type { PinnedSource } from '../source/types.js';
import type { ObjectStore } from '../store/index.js';
import { missingObjects } from './missing.js';
import { isStillHeld } from './verdict.js';

type Content = Pick<PublishedVersion, 'prefix' | 'tables' | 'rows'> & {
  /** What it is published without. */
  readonly failed?: FailedTables;
};

/** Of a version that is current already. */
const FAILED_SHOWN = 5;

export interface Standing {
  /** The current publication when nothing is to be imported. */
  readonly current?: Content;
  /** The version that a person went back to from the pinned one; it is the current one. */
  readonly chosen?: string;
  /** It would be up to date, but objects of it are gone: what is gone is imported again. */
  readonly missing?: { readonly objects: number; readonly first: string };
  /** The pinned version is stored, and waits for a person. `drift` in words. */
  readonly held?: Content & { readonly drift: readonly string[] };
  /** The current version is of the same source, under another configuration. */
  readonly isReconfigured?: boolean;
}

interface Place {
  readonly catalog: Catalog;
  readonly store: ObjectStore;
}

/** Changes nothing; none of it comes back for what is to be imported for the first time, or for a newer source. */
export async function standingOf(
  { catalog, store }: Place,
  entry: DatasetEntry,
  configDigest: string,
  pin: PinnedSource,
  signal: AbortSignal,
): Promise<Standing> {
  const isOfSource = (version: PublishedVersion): boolean =>
    version.sourceKind === pin.kind &&
    version.sourceReference === pin.reference &&
    version.sourceVersion === pin.version;
  const isOfPin = (version: PublishedVersion): boolean =>
    isOfSource(version) && version.configDigest === configDigest;
  const missingOf = async ({ versionId }: PublishedVersion) =>
    missingObjects({ catalog, store }, await catalog.versionObjects(versionId), signal);

  const held = await catalog.findHeld(entry.name);
  if (held && isOfPin(held) && (await isStillHeld(catalog, held, entry))) {
    const isWhole = (await missingOf(held)).length === 0;
    if (isWhole) return { held: { ...contentOf(held), drift: held.drift.map(driftText) } };
  }
  const published = await catalog.findPublication(entry.name);
  if (!published) return {};
  const isUnchanged = isOfPin(published);
  // A person has gone back from it: only something newer takes the place of what they chose.
  const isWanted = isUnchanged || (await catalog.isPassedOver(entry.name, pin, configDigest));
  const reconfigured = !isUnchanged && isOfSource(published) ? { isReconfigured: true } : {};
  if (!isWanted) return reconfigured;
  const missing = await missingOf(published);
  if (missing[0]) {
    return { ...reconfigured, missing: { objects: missing.length, first: missing[0].key } };
  }
  const chosen = isUnchanged ? {} : { chosen: published.sourceVersion };
  const failed = await failedOf(catalog, published);
  return { ...reconfigured, current: { ...contentOf(published), ...failed }, ...chosen };
}

function contentOf({ prefix, tables, rows }: PublishedVersion): Content {
  return { prefix, tables, rows };
}

/** Nothing changes by itself in what has failed for what it is, so nobody tries it every night. */
async function failedOf(
  catalog: Catalog,
  { versionId }: PublishedVersion,
): Promise<{ readonly failed?: FailedTables }> {
  const rows = await catalog.failedTables(versionId, FAILED_SHOWN);
  if (!rows[0]) return {};
  const nextStep = 'Once the cause is gone, `import --force` tries it again.';
  const first = rows.map(({ table, code, message }) => ({ table, code, message, nextStep }));
  return { failed: { count: rows[0].count, first } };
}
