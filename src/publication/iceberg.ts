/** Writes what makes a version's tables Iceberg tables: all of it is stored before the transaction that shows it. */
import { createHash } from 'node:crypto';
import { mapLimited } from '../cache/map-limited.js';
import type { Catalog, IcebergHistory, IcebergMove, IcebergTable } from '../catalog/index.js';
import type { IcebergSettings } from '../config/iceberg.js';
import { ImportError } from '../errors/index.js';
import {
  buildMetadata,
  buildSchema,
  buildSnapshot,
  uuidOf,
  type BuiltSchema,
  type NewObject,
  type Origin,
  type Snapshot,
} from '../iceberg/index.js';
import type { ObjectStore } from '../store/index.js';
import { hasFieldIds } from './field-ids-there.js';
import { propertiesOf } from './iceberg-properties.js';
import type { VersionContent, VersionTable } from './iceberg-tables.js';
import { missingObjects } from './missing.js';
import { storeBytes } from './store-bytes.js';

export interface IcebergPlace {
  readonly catalog: Catalog;
  readonly store: ObjectStore;
  readonly iceberg: IcebergSettings;
}

/** Tables side by side: each is a handful of small requests. */
const TABLES_AT_ONCE = 8;
/** The dataset's past changes a few times a day at most. */
const MAX_ATTEMPTS = 5;

/**
 * Writes the version's metadata files, and calls `commit` with what its transaction has to move; again with new ones
 * when the dataset's versions have changed meanwhile. Killed in between, it leaves objects that `gc` takes for nobody's.
 */
export async function withIceberg<Result>(
  place: IcebergPlace,
  content: VersionContent,
  signal: AbortSignal,
  commit: (move: IcebergMove) => Promise<Result>,
): Promise<Result> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await commit(await stage(place, content, signal));
    } catch (error) {
      const moved = error instanceof ImportError && error.code === 'ICEBERG_MOVED';
      if (!moved || attempts === MAX_ATTEMPTS) throw error;
    }
  }
}

/** The namespace of a dataset's tables. */
export function namespaceOf({ namespace }: IcebergSettings, dataset: string): string {
  return namespace === undefined ? dataset : `${namespace}.${dataset}`;
}

/**
 * Before a table is converted: another tool's table must not be found at its publication. Throws ICEBERG_NAME_TAKEN.
 * @param tables - names
 */
export async function requireFreeNames(
  catalog: Pick<Catalog, 'requireIcebergNames'>,
  iceberg: IcebergSettings,
  dataset: string,
  tables: readonly string[],
): Promise<void> {
  if (!iceberg.enabled) return;
  await catalog.requireIcebergNames(dataset, placeOf(iceberg, dataset), tables);
}

async function stage(
  place: IcebergPlace,
  content: VersionContent,
  signal: AbortSignal,
): Promise<IcebergMove> {
  const { catalog, iceberg } = place;
  const { dataset } = content;
  const history = await catalog.icebergHistory(dataset);
  const base = placeOf(iceberg, dataset);
  if (!iceberg.enabled) return { ...base, state: history.state, tables: [] };
  const catalogId = await catalog.id();
  const staged = await mapLimited(content.tables, TABLES_AT_ONCE, async (table) => {
    signal.throwIfAborted();
    const found = await stageTable(place, { content, history, catalogId, table }, signal);
    return found ? [{ name: table.name, iceberg: found }] : [];
  });
  return { ...base, state: history.state, tables: staged.flat() };
}

function placeOf(iceberg: IcebergSettings, dataset: string) {
  return { catalogName: iceberg.catalog, namespace: namespaceOf(iceberg, dataset) };
}

interface TableRequest {
  readonly content: VersionContent;
  readonly history: IcebergHistory;
  readonly catalogId: string;
  readonly table: VersionTable;
}

/** `undefined` for a table without a column that Iceberg has a type for, or without field ids. */
async function stageTable(
  { catalog, store }: IcebergPlace,
  { content, history, catalogId, table }: TableRequest,
  signal: AbortSignal,
): Promise<IcebergTable | undefined> {
  const { dataset, prefix, sourceVersion, nowMs } = content;
  const schema = await buildSchema(table.columns.map(documented));
  if (schema.fields.length === 0) return undefined;
  const folder = `${prefix}/iceberg/${table.name}`;
  const past = history.tables.filter((one) => one.table === table.name);
  const known = past.find((one) => one.prefix === table.snapshotOf)?.iceberg.snapshot;
  const isThere =
    known && (await missingObjects({ catalog, store }, known.objects, signal)).length === 0;
  const appendedTo = past.find((one) => one.prefix === table.appendedTo)?.iceberg.snapshot;
  // Of a version that is no Iceberg table, somebody has to look.
  const isKept = table.appendedTo !== undefined && !appendedTo;
  const isStored = (table.snapshotOf !== undefined || isKept) && table.parts[0] !== undefined;
  if (!isThere && isStored && !(await hasFieldIds(store, table.parts[0]!, schema, signal))) {
    return undefined;
  }
  const published = past.filter((one) => one.published && one.prefix !== prefix);
  const before = past.map(({ iceberg }) => iceberg.snapshot);
  const parent = published.at(-1)?.iceberg.snapshot;
  const { snapshot, objects } = isThere
    ? { snapshot: known, objects: [] }
    : await newSnapshot(store, {
        ...{ folder, prefix, schema, table, before, parent, appendedTo, sourceVersion, nowMs },
      });
  const location = store.location(`${store.root}datasets/${dataset}/iceberg/${table.name}`);
  const metadata = buildMetadata({
    ...{ folder, location, current: snapshot, nowMs },
    tableUuid: uuidOf(sha256(JSON.stringify([catalogId, dataset, table.name]))),
    versions: [
      ...published.map((one) => ({ tag: tagOf(one), snapshot: one.iceberg.snapshot })),
      { tag: tagOf({ sourceVersion }), snapshot },
    ],
    properties: propertiesOf(content, table),
  });
  for (const object of [...objects, metadata]) await storeBytes(store, object, signal);
  const { key, bytes, sha256: digest } = metadata;
  return {
    snapshot,
    metadata: { key, bytes, sha256: digest, location: store.location(key) },
    prefixes: [...published.map((one) => one.prefix), prefix],
  };
}

interface SnapshotOf {
  readonly folder: string;
  readonly schema: BuiltSchema;
  readonly table: VersionTable;
  readonly before: readonly Snapshot[];
  readonly parent: Snapshot | undefined;
  readonly appendedTo: Snapshot | undefined;
  readonly prefix: string;
  readonly sourceVersion: string;
  readonly nowMs: number;
}

function newSnapshot(
  store: ObjectStore,
  { table, prefix, sourceVersion, ...request }: SnapshotOf,
): Promise<{ snapshot: Snapshot; objects: readonly NewObject[] }> {
  const { appendedTo } = request;
  return buildSnapshot({
    ...request,
    locate: (key) => store.location(key),
    files: table.parts.map(({ key, ...part }) => {
      const location = store.location(key);
      const isNew = !appendedTo || key.startsWith(`${prefix}/`);
      return { ...part, location, origin: isNew ? undefined : originOf(location, appendedTo) };
    }),
    summary: {
      'kaggle-import.source-version': sourceVersion,
      'kaggle-import.source-sha256': table.sourceSha256,
    },
  });
}

/** Files of a snapshot that was not appended itself are all its own. */
function originOf(location: string, { snapshotId, sequenceNumber, origins }: Snapshot): Origin {
  return origins?.[location] ?? { snapshotId, sequenceNumber };
}

/** Not a bare number: Spark takes one for a snapshot's id. */
function tagOf({ sourceVersion }: { readonly sourceVersion: string }): string {
  return `v${sourceVersion.replaceAll(/[^\w.-]/g, '_')}`;
}

function documented({ name, type, originalName, description }: VersionTable['columns'][number]) {
  const doc = [originalName === name ? [] : originalName, description ?? []].flat().join(': ');
  return { name, type, ...(doc !== '' && { doc }) };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
