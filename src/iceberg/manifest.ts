/** A manifest: the Parquet files of a snapshot, with what lets a reader skip some of them. */
import { setImmediate } from 'node:timers/promises';
import { encodeContainer, mapById, optional, required, type AvroSchema } from './avro.js';
import { bound } from './bounds.js';
import type { BuiltSchema } from './schema.js';
import type { NestedField, Origin } from './types.js';

/** A Parquet file of the table. */
export interface DataFile {
  /** As readers address it. */
  readonly location: string;
  readonly rows: number;
  readonly bytes: number;
  /** By the Parquet's column names; those that are not there are not known. */
  readonly statistics: ReadonlyMap<string, DataFileStatistics>;
  /** Of a file that an older snapshot has added. */
  readonly origin?: Origin | undefined;
}

export interface DataFileStatistics {
  readonly nulls?: number | undefined;
  /** As DuckDB prints them. */
  readonly min?: string | undefined;
  readonly max?: string | undefined;
}

/** The table is not partitioned. */
const PARTITION_SPEC = '[]';
const EXISTING = 0;
const ADDED = 1;
const DATA = 0;

const DATA_FILE: AvroSchema = {
  type: 'record',
  name: 'r2',
  fields: [
    required(134, 'content', 'int'),
    required(100, 'file_path', 'string'),
    required(101, 'file_format', 'string'),
    required(102, 'partition', { type: 'record', name: 'r102', fields: [] }),
    required(103, 'record_count', 'long'),
    required(104, 'file_size_in_bytes', 'long'),
    optional(109, 'value_counts', mapById(119, 120, 'long')),
    optional(110, 'null_value_counts', mapById(121, 122, 'long')),
    optional(125, 'lower_bounds', mapById(126, 127, 'bytes')),
    optional(128, 'upper_bounds', mapById(129, 130, 'bytes')),
  ],
};

const MANIFEST_ENTRY: AvroSchema = {
  type: 'record',
  name: 'manifest_entry',
  fields: [
    required(0, 'status', 'int'),
    optional(1, 'snapshot_id', 'long'),
    optional(3, 'sequence_number', 'long'),
    optional(4, 'file_sequence_number', 'long'),
    required(2, 'data_file', DATA_FILE),
  ],
};

/** Sequence numbers of added files are those of the manifest list, which is written last. */
export async function encodeManifest(
  snapshotId: number,
  schemaId: number,
  { fields, columns: names }: Pick<BuiltSchema, 'fields' | 'columns'>,
  files: readonly DataFile[],
): Promise<Buffer> {
  const columns = fields.map((field, index) => ({ field, column: names[index]! }));
  const entries: object[] = [];
  for (const file of files) {
    const { origin } = file;
    entries.push({
      status: origin ? EXISTING : ADDED,
      snapshot_id: origin?.snapshotId ?? snapshotId,
      sequence_number: origin?.sequenceNumber ?? null,
      file_sequence_number: origin?.sequenceNumber ?? null,
      data_file: await dataFile(file, columns),
    });
  }
  return encodeContainer(MANIFEST_ENTRY, entries, {
    schema: JSON.stringify({ type: 'struct', 'schema-id': schemaId, fields }),
    'schema-id': String(schemaId),
    'partition-spec': PARTITION_SPEC,
    'partition-spec-id': '0',
    'format-version': '2',
    content: 'data',
  });
}

interface Column {
  readonly field: NestedField;
  /** As the Parquet spells it. */
  readonly column: string;
}

/** So many columns at a time: others wait for the thread of the worker. */
const COLUMNS_AT_ONCE = 1000;

async function dataFile(
  { location, rows, bytes, statistics }: DataFile,
  columns: readonly Column[],
): Promise<object> {
  const byId = {
    value_counts: [] as object[],
    null_value_counts: [] as object[],
    lower_bounds: [] as object[],
    upper_bounds: [] as object[],
  };
  for (const [index, { field, column }] of columns.entries()) {
    if (index % COLUMNS_AT_ONCE === COLUMNS_AT_ONCE - 1) await setImmediate();
    const { id: key, type } = field;
    const known = statistics.get(column);
    if (!known || typeof type !== 'string') continue;
    const { nulls, min, max } = known;
    const lower = min === undefined ? undefined : bound(type, min, 'lower');
    const upper = max === undefined ? undefined : bound(type, max, 'upper');
    byId.value_counts.push({ key, value: rows });
    if (nulls !== undefined) byId.null_value_counts.push({ key, value: nulls });
    if (lower) byId.lower_bounds.push({ key, value: lower });
    if (upper) byId.upper_bounds.push({ key, value: upper });
  }
  return {
    content: DATA,
    file_path: location,
    file_format: 'PARQUET',
    partition: {},
    record_count: rows,
    file_size_in_bytes: bytes,
    ...byId,
  };
}
