/** Makes the snapshot of a table's Parquet files: what is to be stored, and what the catalog keeps of it. */
import { createHash } from 'node:crypto';
import { encodeManifest, type DataFile } from './manifest.js';
import { encodeManifestList, type FileCount } from './manifest-list.js';
import type { BuiltSchema } from './schema.js';
import type { IcebergObject, NestedField, Snapshot } from './types.js';

/** An object before it is stored. */
export interface NewObject extends IcebergObject {
  readonly content: Buffer;
  readonly contentType: string;
}

export interface NewSnapshot {
  readonly snapshot: Snapshot;
  /** To be stored before anything names the snapshot. */
  readonly objects: readonly NewObject[];
}

export interface SnapshotRequest {
  /** Where the objects go: a prefix of the run's own, without a last slash. */
  readonly folder: string;
  /** How readers address a key. */
  readonly locate: (key: string) => string;
  readonly schema: Pick<BuiltSchema, 'fields' | 'columns' | 'lastColumnId'>;
  readonly files: readonly DataFile[];
  /** Of the same table, in any order. */
  readonly before: readonly Snapshot[];
  /** What the table shows until this one. */
  readonly parent?: Snapshot | undefined;
  /** Among `before`: the files that have an origin are its files, and the others are appended to them. */
  readonly appendedTo?: Snapshot | undefined;
  readonly summary: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

const AVRO_TYPE = 'application/avro';
/** JSON's numbers are exact up to here. */
const ID_DIGITS = 13;

export async function buildSnapshot(request: SnapshotRequest): Promise<NewSnapshot> {
  const { folder, locate, schema, before, appendedTo, summary, nowMs } = request;
  const parent = appendedTo ?? request.parent;
  // Some writers leave a file for no rows; readers need none.
  const files = request.files.filter(({ rows }) => rows > 0);
  const { fields, lastColumnId } = schema;
  const schemaId = schemaIdOf(fields, before);
  const sequenceNumber = 1 + highest(before.map((one) => one.sequenceNumber));
  const timestampMs = Math.max(nowMs, 1 + highest(before.map((one) => one.timestampMs)));
  const snapshotId = idOf([folder, sequenceNumber, timestampMs]);
  const manifests = await manifestsOf(snapshotId, schemaId, schema, files, folder);
  const existing = files.filter(({ origin }) => origin);
  const added = files.filter(({ origin }) => !origin);
  const oldest = Math.min(sequenceNumber, ...existing.map((file) => file.origin!.sequenceNumber));
  const list = newObject(
    folder,
    `snap-${snapshotId}`,
    await encodeManifestList(
      ...([snapshotId, parent?.snapshotId, sequenceNumber] as const),
      manifests.map(({ key, bytes }) => ({
        ...{ location: locate(key), bytes, minSequenceNumber: oldest },
        ...{ added: countOf(added), existing: countOf(existing) },
      })),
    ),
  );
  const objects = [list, ...manifests];
  const snapshot: Snapshot = {
    ...{ snapshotId, sequenceNumber, timestampMs, schemaId, fields, lastColumnId },
    location: locate(list.key),
    summary: {
      ...totals(files, added, parent, appendedTo !== undefined),
      ...summary,
    },
    objects: objects.map(({ key, bytes, sha256 }) => ({ key, bytes, sha256 })),
    ...(appendedTo && {
      parentId: appendedTo.snapshotId,
      origins: Object.fromEntries(existing.map((file) => [file.location, file.origin!])),
    }),
  };
  return { snapshot, objects };
}

async function manifestsOf(
  snapshotId: number,
  schemaId: number,
  schema: SnapshotRequest['schema'],
  files: readonly DataFile[],
  folder: string,
): Promise<NewObject[]> {
  if (files.length === 0) return [];
  const content = await encodeManifest(snapshotId, schemaId, schema, files);
  return [newObject(folder, `manifest-${snapshotId}`, content)];
}

/** Named by its content as well: what an attempt before has stored is the same, or lies elsewhere. */
function newObject(folder: string, name: string, content: Buffer): NewObject {
  const sha256 = createHash('sha256').update(content).digest('hex');
  const key = `${folder}/${name}-${sha256.slice(0, 12)}.avro`;
  return { key, bytes: content.length, sha256, content, contentType: AVRO_TYPE };
}

function countOf(files: readonly DataFile[]): FileCount {
  return { files: files.length, rows: sum(files.map(({ rows }) => rows)) };
}

/** What is not appended replaces the one before as a whole. */
function totals(
  files: readonly DataFile[],
  added: readonly DataFile[],
  parent: Snapshot | undefined,
  isAppended: boolean,
) {
  const { rows } = countOf(files);
  const sizeOf = (some: readonly DataFile[]): number => sum(some.map(({ bytes }) => bytes));
  const size = sizeOf(files);
  return {
    operation: parent && !isAppended ? 'overwrite' : 'append',
    'added-data-files': String(added.length),
    'added-records': String(countOf(added).rows),
    'added-files-size': String(sizeOf(added)),
    ...(parent &&
      !isAppended && {
        'deleted-data-files': parent.summary['total-data-files']!,
        'deleted-records': parent.summary['total-records']!,
        'removed-files-size': parent.summary['total-files-size']!,
      }),
    'total-data-files': String(files.length),
    'total-records': String(rows),
    'total-files-size': String(size),
    'total-delete-files': '0',
    'total-position-deletes': '0',
    'total-equality-deletes': '0',
  };
}

function schemaIdOf(fields: readonly NestedField[], before: readonly Snapshot[]): number {
  const wanted = JSON.stringify(fields);
  const same = before.find((one) => JSON.stringify(one.fields) === wanted);
  return (
    same?.schemaId ??
    1 +
      highest(
        before.map(({ schemaId }) => schemaId),
        -1,
      )
  );
}

function idOf(values: readonly unknown[]): number {
  const hex = createHash('sha256').update(JSON.stringify(values)).digest('hex');
  return Number.parseInt(hex.slice(0, ID_DIGITS), 16) + 1;
}

function highest(numbers: readonly number[], least = 0): number {
  return numbers.reduce((most, number) => Math.max(most, number), least);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
