/** One transaction that makes a version current: readers see all of it or nothing. */
import type { PoolClient } from 'pg';
import { ImportError } from '../errors/index.js';
import type { Database } from './database.js';
import { fileRows } from './file-rows.js';
import { storableJson, storableText } from './json.js';
import * as statements from './statements/publish.js';
import type { Publication } from './types.js';

export interface PublishResult {
  readonly versionId: string;
  /** The version had been published before: its rows are as they were, and it is current again. */
  readonly alreadyPublished: boolean;
}

export function publish(database: Database, publication: Publication): Promise<PublishResult> {
  return database.transaction(async (client) => {
    const dataset = await upsertDataset(client, publication);
    const known = await client.query<{ id: string }>(statements.FIND_VERSION, [publication.prefix]);
    // Like its objects, the rows of a published version are never rewritten.
    const alreadyPublished = known.rows[0] !== undefined;
    const versionId = known.rows[0]?.id ?? (await insertVersion(client, publication, dataset));
    await client.query(statements.SUPERSEDE_OTHERS, [dataset.id, versionId]);
    await client.query(statements.SET_STATE_CURRENT, [versionId]);
    await client.query(statements.SET_CURRENT, [dataset.id, versionId]);
    return { versionId, alreadyPublished };
  });
}

interface DatasetRow {
  readonly id: string;
  readonly currentVersionId: string | null;
}

async function upsertDataset(client: PoolClient, { entry, pin }: Publication): Promise<DatasetRow> {
  const text = (value: string | undefined): string | null =>
    value === undefined ? null : storableText(value);
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
    text(entry.licence ?? pin.description.licence),
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
    prefix.slice(prefix.lastIndexOf('-') + 1),
    prefix,
    storableJson(provenance),
    workflowId,
    runId,
  ]);
  const versionId = rows[0]!.id;
  const { files, columns } = fileRows(publication);
  await client.query(statements.INSERT_FILES, [versionId, storableJson(files)]);
  await client.query(statements.INSERT_COLUMNS, [storableJson(columns)]);
  await carryOver(client, publication, dataset, versionId, files.length);
  await client.query(statements.SET_TOTALS, [versionId]);
  return versionId;
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
