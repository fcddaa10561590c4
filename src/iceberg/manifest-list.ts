/** A manifest list: the manifests that make up one snapshot. Ours have one, or none for a table without rows. */
import { encodeContainer, optional, required, type AvroSchema } from './avro.js';

export interface ListedManifest {
  /** As readers address it. */
  readonly location: string;
  readonly bytes: number;
  readonly added: FileCount;
  /** Files that older snapshots have added. */
  readonly existing: FileCount;
  /** Of its oldest file. */
  readonly minSequenceNumber: number;
}

export interface FileCount {
  readonly files: number;
  readonly rows: number;
}

const MANIFEST_FILE: AvroSchema = {
  type: 'record',
  name: 'manifest_file',
  fields: [
    required(500, 'manifest_path', 'string'),
    required(501, 'manifest_length', 'long'),
    required(502, 'partition_spec_id', 'int'),
    required(517, 'content', 'int'),
    required(515, 'sequence_number', 'long'),
    required(516, 'min_sequence_number', 'long'),
    required(503, 'added_snapshot_id', 'long'),
    required(504, 'added_files_count', 'int'),
    required(505, 'existing_files_count', 'int'),
    required(506, 'deleted_files_count', 'int'),
    required(512, 'added_rows_count', 'long'),
    required(513, 'existing_rows_count', 'long'),
    required(514, 'deleted_rows_count', 'long'),
    optional(507, 'partitions', {
      type: 'array',
      'element-id': 508,
      items: {
        type: 'record',
        name: 'r508',
        fields: [
          required(509, 'contains_null', 'boolean'),
          optional(518, 'contains_nan', 'boolean'),
          optional(510, 'lower_bound', 'bytes'),
          optional(511, 'upper_bound', 'bytes'),
        ],
      },
    }),
  ],
};

export function encodeManifestList(
  snapshotId: number,
  parentId: number | undefined,
  sequenceNumber: number,
  manifests: readonly ListedManifest[],
): Promise<Buffer> {
  const entries = manifests.map(({ location, bytes, added, existing, minSequenceNumber }) => ({
    ...{ manifest_path: location, manifest_length: bytes, partition_spec_id: 0, content: 0 },
    ...{ sequence_number: sequenceNumber, min_sequence_number: minSequenceNumber },
    added_snapshot_id: snapshotId,
    ...{ added_files_count: added.files, added_rows_count: added.rows },
    ...{ existing_files_count: existing.files, existing_rows_count: existing.rows },
    ...{ deleted_files_count: 0, deleted_rows_count: 0 },
    partitions: [],
  }));
  return encodeContainer(MANIFEST_FILE, entries, {
    'snapshot-id': String(snapshotId),
    'parent-snapshot-id': String(parentId ?? null),
    'sequence-number': String(sequenceNumber),
    'format-version': '2',
  });
}
