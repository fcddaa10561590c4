/** Lets go of versions that nothing keeps, and of objects that are nobody's; a kill at any line leaves what is true. */
import type { Catalog, StaleVersion } from '../catalog/index.js';
import type { Settings } from '../config/datasets.js';
import type { ListedObject, ObjectStore } from '../store/index.js';
import { expireSnapshots } from './expire-snapshots.js';
import type { IcebergPlace } from './iceberg.js';

export interface GcSettings {
  /** Of each dataset, the current version included. */
  readonly keepVersions: number;
  /** Since when a version is not current, or an object there, before it may go. */
  readonly graceSeconds: number;
}

const DAY_S = 86_400;

export function gcSettings(
  settings: Pick<Settings, 'keep_versions' | 'gc_grace_days'>,
): GcSettings {
  return {
    keepVersions: settings.keep_versions,
    graceSeconds: settings.gc_grace_days * DAY_S,
  };
}

/** A version that is to be removed, with the objects that go with it. */
export interface ExpiredVersion extends StaleVersion {
  readonly objects: readonly ListedObject[];
}

export interface Garbage {
  readonly versions: readonly ExpiredVersion[];
  /** Of no version, and of no import that runs. */
  readonly orphans: readonly ListedObject[];
  /** Below names of datasets that this catalog has never imported: left alone. */
  readonly foreign: readonly ListedObject[];
}

/** Longer than a rollback takes from its first Iceberg file to its commit. */
const STAGING_MS = 3_600_000;

interface Place {
  readonly catalog: Catalog;
  readonly store: ObjectStore;
}

/** What would go now; changes nothing. */
export async function findGarbage(
  { catalog, store }: Place,
  settings: GcSettings,
  signal: AbortSignal,
): Promise<Garbage> {
  const listed = await listObjects(store, signal);
  const { sweeping } = catalog;
  const expired = await expiredVersions(catalog, settings);
  const versions = [...(await sweeping.unsweptVersions()), ...expired];
  return sort({ catalog, store }, listed, versions, settings);
}

/**
 * Removes it. A version is marked first: from then on nothing makes it current, and what is asked of it is
 * answered with VERSION_REMOVED. Then its objects go, then its tables in the catalog. Callable by any number
 * at once.
 */
export async function collectGarbage(
  place: IcebergPlace,
  settings: GcSettings,
  signal: AbortSignal,
): Promise<Garbage> {
  const { catalog, store } = place;
  // Before the catalog is asked: an import claims its prefix before it writes, so what is listed is claimed.
  const listed = await listObjects(store, signal);
  const { sweeping } = catalog;
  for (const { versionId } of await expiredVersions(catalog, settings)) {
    signal.throwIfAborted();
    await sweeping.markRemoved(versionId);
  }
  const versions = await sweeping.unsweptVersions();
  // Nobody may still be shown a snapshot whose files go.
  for (const dataset of new Set(versions.map((version) => version.dataset))) {
    signal.throwIfAborted();
    await expireSnapshots(place, dataset, signal);
  }
  const garbage = await sort({ catalog, store }, listed, versions, settings);
  for (const { versionId, prefix, objects } of garbage.versions) {
    await remove({ catalog, store }, objects, signal);
    await store.removeUnfinished(`${prefix}/`, [], signal);
    await sweeping.versionSwept(versionId);
  }
  await remove({ catalog, store }, garbage.orphans, signal);
  return garbage;
}

function expiredVersions(
  { sweeping }: Catalog,
  { keepVersions, graceSeconds }: GcSettings,
): Promise<StaleVersion[]> {
  return sweeping.expiredVersions(keepVersions, graceSeconds);
}

/** Those that belong to versions and imports: `current.json` lies above them. */
async function listObjects(store: ObjectStore, signal: AbortSignal): Promise<ListedObject[]> {
  const listed = await store.list(`${store.root}datasets/`, signal);
  return listed.filter(({ key }) => placeOf(store, key) !== undefined);
}

/** Asks what is needed after the versions were marked: nobody can come to need more of theirs. */
async function sort(
  { catalog, store }: Place,
  listed: readonly ListedObject[],
  versions: readonly StaleVersion[],
  { graceSeconds }: GcSettings,
): Promise<Garbage> {
  const { sweeping } = catalog;
  const known = await sweeping.knownDatasets();
  const unpublished = new Set(await sweeping.unpublishedPrefixes());
  const needed = await sweeping.neededKeys(versions.map(({ versionId }) => versionId));
  const opened = await sweeping.icebergLocations();
  const ofVersion = new Map(versions.map(({ prefix }) => [prefix, [] as ListedObject[]]));
  const [orphans, foreign]: ListedObject[][] = [[], []];
  const youngMs = Date.now() - graceSeconds * 1000;
  const stagedMs = Math.min(youngMs, Date.now() - STAGING_MS);
  for (const object of listed) {
    const { dataset, prefix } = placeOf(store, object.key)!;
    if (needed.has(object.key) || opened.has(store.location(object.key))) continue;
    if (unpublished.has(prefix)) continue;
    const theirs = ofVersion.get(prefix);
    if (theirs) theirs.push(object);
    else if (!known.has(dataset)) foreign!.push(object);
    else if (object.modifiedMs < (isIceberg(object) ? stagedMs : youngMs)) orphans!.push(object);
  }
  const withObjects = versions.map((version) => ({
    ...version,
    objects: ofVersion.get(version.prefix)!,
  }));
  return { versions: withObjects, orphans: orphans!, foreign: foreign! };
}

/** `<root>datasets/<dataset>/<folder of a version>/...`; of anything else, nothing is known. */
function placeOf({ root }: ObjectStore, key: string) {
  const [dataset, folder, file] = key.slice(`${root}datasets/`.length).split('/');
  if (dataset === undefined || folder === undefined || file === undefined) return undefined;
  return { dataset, prefix: `${root}datasets/${dataset}/${folder}` };
}

/** `<prefix>/iceberg/<table>/...`, see `iceberg.ts`: a rollback adds to a version that is published. */
function isIceberg({ key }: ListedObject): boolean {
  return /\/iceberg\/[^/]+\/[^/]+$/.test(key);
}

async function remove(
  { catalog, store }: Place,
  objects: readonly ListedObject[],
  signal: AbortSignal,
): Promise<void> {
  const keys = objects.map(({ key }) => key);
  await store.remove(keys, signal);
  await catalog.forgetDamage(keys);
}
