/** One transaction that makes a version current or held, if its run is the dataset's latest: readers see all of it or nothing. */
import type { PoolClient } from 'pg';
import { contentDigest8 } from '../config/digest.js';
import { ImportError } from '../errors/index.js';
import type { Database } from './database.js';
import { fileRows } from './file-rows.js';
import { hasPassed } from './held.js';
import { moveIceberg, type IcebergMove } from './iceberg.js';
import { storableJson, storableText } from './json.js';
import { spdxLicence } from './licence.js';
import { citationOf, keywordsOf } from './metadata/index.js';
import { lockFence, requireLatest } from './runs.js';
import * as statements from './statements/publish.js';
import { VERSION_AT } from './statements/read.js';
import { PUBLISH_PREFIX } from './statements/prefixes.js';
import type { Publication, RunId, Verdict } from './types.js';

/** A dataset may have a hundred thousand: no statement blocks the worker while it is written. */
const FILES_AT_A_TIME = 2000;

const NO_DRIFT: Verdict = { drift: [], held: false };

export interface PublishResult {
  readonly versionId: string;
  /** By an attempt before: its rows are as they were, and what is current is as it was. */
  readonly alreadyPublished: boolean;
}

/** Without `iceberg`, what engines see of the dataset stays as it is. */
export function publish(
  database: Database,
  publication: Publication,
  iceberg?: IcebergMove,
): Promise<PublishResult> {
  const { entry, prefix } = publication;
  return database.transaction(async (client) => {
    const fence = await lockFence(client, entry.name);
    const known = await client.query<{ id: string }>(VERSION_AT, [prefix]);
    // Like its objects, the rows of a published version are never rewritten.
    if (known.rows[0]) return { versionId: known.rows[0].id, alreadyPublished: true };
    await requireLatest(client, entry.name, fence, publication);
    await takePrefix(client, publication);
    const dataset = await upsertDataset(client, publication);
    const versionId = await insertVersion(client, publication, dataset);
    const { verdict = NO_DRIFT } = publication;
    if (iceberg) await moveIceberg(client, entry.name, versionId, iceberg, !verdict.held);
    const passes = await hasPassed(client, dataset.id, versionId, verdict);
    if (passes) await setCurrent(client, dataset.id, versionId);
    return { versionId, alreadyPublished: false };
  });
}

/**
 * Makes a version that is there current, or held, on behalf of a run that is the dataset's latest.
 * Throws VERSION_MISSING, IMPORT_SUPERSEDED.
 */
export function makeCurrent(
  database: Database,
  versionId: string,
  run: RunId,
  iceberg?: IcebergMove,
  verdict: Verdict = NO_DRIFT,
): Promise<void> {
  return database.transaction(async (client) => {
    const missing = (): ImportError => new ImportError('VERSION_MISSING', { found: versionId });
    const owner = await client.query<{ dataset: string }>(statements.DATASET_OF_VERSION, [
      versionId,
    ]);
    if (!owner.rows[0]) throw missing();
    const { dataset } = owner.rows[0];
    const fence = await lockFence(client, dataset);
    const version = await client.query<{ datasetId: string; state: string }>(
      statements.LOCK_VERSION,
      [versionId],
    );
    if (!version.rows[0] || version.rows[0].state === 'removed') throw missing();
    // A retry after the commit, or a forced import of what is current: engines may have lost it.
    if (version.rows[0].state === 'current') {
      if (iceberg) await moveIceberg(client, dataset, versionId, iceberg, true);
      return;
    }
    await requireLatest(client, dataset, fence, run);
    const { datasetId } = version.rows[0];
    if (iceberg) await moveIceberg(client, dataset, versionId, iceberg, !verdict.held);
    const passes = await hasPassed(client, datasetId, versionId, verdict);
    if (passes) await setCurrent(client, datasetId, versionId);
  });
}

/** With the fence and the version locked. */
export async function setCurrent(client: PoolClient, datasetId: string, versionId: string) {
  await client.query(statements.SUPERSEDE_OTHERS, [datasetId, versionId]);
  await client.query(statements.SET_STATE_CURRENT, [versionId]);
  await client.query(statements.SET_CURRENT, [datasetId, versionId]);
}

/** Its objects were removed, or are about to be, when the run was taken for ended. */
async function takePrefix(client: PoolClient, publication: Publication): Promise<void> {
  const { entry, prefix, workflowId, runId } = publication;
  const values = [prefix, entry.name, workflowId, runId];
  const { rowCount } = await client.query(PUBLISH_PREFIX, values);
  if (rowCount === 1) return;
  throw new ImportError('IMPORT_SUPERSEDED', {
    place: prefix,
    found: 'a prefix that is not its own',
  });
}

interface DatasetRow {
  readonly id: string;
  readonly currentVersionId: string | null;
}

async function upsertDataset(client: PoolClient, { entry, pin }: Publication): Promise<DatasetRow> {
  const text = (value: string | undefined): string | null =>
    value === undefined ? null : storableText(value);
  const licence = entry.licence ?? pin.description.licence;
  const { rows } = await client.query<DatasetRow>(statements.UPSERT_DATASET, [
    entry.name,
    text(entry.kaggle_ref),
    pin.kind,
    storableText(pin.reference),
    text(pin.description.title),
    text(entry.description ?? pin.description.description ?? pin.description.subtitle),
    (entry.domain ?? []).map(storableText),
    (entry.ml_task ?? []).map(storableText),
    text(entry.target_column),
    text(licence),
    text(licence === undefined ? undefined : spdxLicence(licence)),
    keywordsOf(entry, pin.description).map(storableText),
    text(entry.citation ?? citationOf(pin.description, pin.version)),
  ]);
  return rows[0]!;
}

async function insertVersion(
  client: PoolClient,
  publication: Publication,
  dataset: DatasetRow,
): Promise<string> {
  const { pin, prefix, checksum, configDigest, provenance, workflowId, runId } = publication;
  const { rows } = await client.query<{ id: string }>(statements.INSERT_VERSION, [
    dataset.id,
    storableText(pin.version),
    pin.kind,
    storableText(pin.reference),
    checksum,
    configDigest,
    contentDigest8(checksum, configDigest),
    prefix,
    storableJson(provenance),
    workflowId,
    runId,
  ]);
  const versionId = rows[0]!.id;
  const { files, columns } = fileRows(publication);
  await requireKept(client, publication);
  for (let at = 0; at < files.length; at += FILES_AT_A_TIME) {
    const some = files.slice(at, at + FILES_AT_A_TIME);
    await client.query(statements.INSERT_FILES, [versionId, storableJson(some)]);
  }
  await client.query(statements.INSERT_COLUMNS, [storableJson(columns)]);
  await carryOver(client, publication, dataset, versionId, files.length);
  await client.query(statements.SET_TOTALS, [versionId]);
  return versionId;
}

/** Objects of an older version stay while it is locked, and after it, because this one needs them. */
async function requireKept(
  client: PoolClient,
  { entry, tables, kept = [] }: Publication,
): Promise<void> {
  const ofFiles = kept.flatMap(({ ofVersion }) => ofVersion ?? []);
  const ofTables = tables.flatMap(({ description }) => description.grownFrom?.versionId ?? []);
  const versions = new Set([...ofFiles, ...ofTables]);
  for (const versionId of versions) {
    const { rows } = await client.query<{ state: string }>(statements.LOCK_VERSION, [versionId]);
    if (rows[0] && rows[0].state !== 'removed') continue;
    throw new ImportError('CARRIED_OVER_MISSING', { place: entry.name, found: 'its files' });
  }
}

async function carryOver(
  client: PoolClient,
  { entry, carriedOver }: Publication,
  { currentVersionId }: DatasetRow,
  versionId: string,
  filesBefore: number,
): Promise<void> {
  if (carriedOver.length === 0) return;
  const { rows } = await client.query<{ name: string }>(statements.CARRY_OVER_TABLES, [
    versionId,
    currentVersionId,
    carriedOver,
    // Positions count from 0, row_number() from 1.
    filesBefore - 1,
  ]);
  const found = new Set(rows.map(({ name }) => name));
  const missing = carriedOver.filter((name) => !found.has(name));
  if (missing.length === 0) return;
  throw new ImportError('CARRIED_OVER_MISSING', { place: entry.name, found: missing.join(', ') });
}
