/** The metadata file of a table: its schemas, its snapshots, and which of them readers see. */
import { createHash } from 'node:crypto';
import type { NewObject } from './snapshot.js';
import type { Snapshot } from './types.js';

/** A version of the table that is stored. */
export interface TaggedSnapshot {
  readonly tag: string;
  readonly snapshot: Snapshot;
}

export interface MetadataRequest {
  /** Stays the same as long as there is the table. */
  readonly tableUuid: string;
  /** Where the table is, for tools that would write. */
  readonly location: string;
  /** Of all stored versions that have the table; of two with the same tag, the later one gets it. */
  readonly versions: readonly TaggedSnapshot[];
  /** What readers see. */
  readonly current: Snapshot;
  readonly properties: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** A prefix of the run's own, without a last slash. */
  readonly folder: string;
}

/** https://iceberg.apache.org/spec/#table-metadata-fields, format version 2. */
export function buildMetadata(request: MetadataRequest): NewObject {
  const { tableUuid, location, versions, current, properties, folder } = request;
  const snapshots = inOrder([...versions.map(({ snapshot }) => snapshot), current]);
  const last = snapshots.at(-1)!;
  // Of the newest snapshot, so that the same tables have the same bytes; a rollback has an instant of its own.
  const updatedMs =
    last.snapshotId === current.snapshotId
      ? last.timestampMs
      : Math.max(request.nowMs, last.timestampMs + 1);
  const metadata = {
    'format-version': 2,
    'table-uuid': tableUuid,
    location,
    'last-sequence-number': last.sequenceNumber,
    'last-updated-ms': updatedMs,
    'last-column-id': Math.max(...snapshots.map(({ lastColumnId }) => lastColumnId)),
    schemas: schemasOf(snapshots),
    'current-schema-id': current.schemaId,
    'partition-specs': [{ 'spec-id': 0, fields: [] }],
    'default-spec-id': 0,
    'last-partition-id': 999,
    'sort-orders': [{ 'order-id': 0, fields: [] }],
    'default-sort-order-id': 0,
    properties,
    'current-snapshot-id': current.snapshotId,
    snapshots: snapshots.map(snapshotOf),
    'snapshot-log': logOf(snapshots, current, updatedMs),
    'metadata-log': [],
    refs: refsOf(versions, current),
  };
  const content = Buffer.from(JSON.stringify(metadata));
  const sha256 = createHash('sha256').update(content).digest('hex');
  return {
    // The number that other writers count on from, and a UUID, as they name theirs.
    key: `${folder}/${String(snapshots.length).padStart(5, '0')}-${uuidOf(sha256)}.metadata.json`,
    ...{ bytes: content.length, sha256, content, contentType: 'application/json' },
  };
}

/** A UUID of 32 hex digits of a digest. */
export function uuidOf(sha256: string): string {
  const [, a, b, c, d, e] = /^(.{8})(.{4}).(.{3}).(.{3})(.{12})/.exec(sha256)!;
  return `${a}-${b}-8${c}-8${d}-${e}`;
}

/** Each once: versions that share a table's Parquet share its snapshot. */
function inOrder(snapshots: readonly Snapshot[]): Snapshot[] {
  const byId = new Map(snapshots.map((snapshot) => [snapshot.snapshotId, snapshot]));
  return [...byId.values()].sort((a, b) => a.sequenceNumber - b.sequenceNumber);
}

function schemasOf(snapshots: readonly Snapshot[]): object[] {
  const byId = new Map(snapshots.map(({ schemaId, fields }) => [schemaId, fields]));
  return [...byId]
    .sort(([a], [b]) => a - b)
    .map(([schemaId, fields]) => ({ type: 'struct', 'schema-id': schemaId, fields }));
}

function snapshotOf(snapshot: Snapshot, index: number, all: readonly Snapshot[]): object {
  const { parentId } = snapshot;
  const parent =
    parentId === undefined ? all[index - 1] : all.find((one) => one.snapshotId === parentId);
  return {
    'snapshot-id': snapshot.snapshotId,
    ...(parent && { 'parent-snapshot-id': parent.snapshotId }),
    'sequence-number': snapshot.sequenceNumber,
    'timestamp-ms': snapshot.timestampMs,
    'manifest-list': snapshot.location,
    summary: snapshot.summary,
    'schema-id': snapshot.schemaId,
  };
}

/** In the order of publication; a version that came back by a rollback comes again, at the end. */
function logOf(snapshots: readonly Snapshot[], current: Snapshot, updatedMs: number): object[] {
  const log = snapshots.map(({ snapshotId, timestampMs }) => ({
    'timestamp-ms': timestampMs,
    'snapshot-id': snapshotId,
  }));
  if (log.at(-1)!['snapshot-id'] === current.snapshotId) return log;
  return [...log, { 'timestamp-ms': updatedMs, 'snapshot-id': current.snapshotId }];
}

function refsOf(versions: readonly TaggedSnapshot[], current: Snapshot): object {
  const tags = versions.map(({ tag, snapshot }) => [
    tag,
    { 'snapshot-id': snapshot.snapshotId, type: 'tag' },
  ]);
  return {
    ...(Object.fromEntries(tags) as object),
    main: { 'snapshot-id': current.snapshotId, type: 'branch' },
  };
}
