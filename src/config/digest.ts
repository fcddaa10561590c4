/** Digests of the configuration: what was asked for, in 64 hex digits. */
import { createHash } from 'node:crypto';
import type { DatasetEntry, Settings } from './datasets.js';

/** Raised when the same source and configuration would be converted to other bytes than before. */
const CONVERSION_REVISION = 8;

/** Changes when anything about the dataset's entry changes that makes a version, or the way it is converted. SHA-256, hex. */
export function configDigest(entry: DatasetEntry, settings: Settings): string {
  // Published once more, with every table carried over.
  const { iceberg } = settings;
  // Decide about a version that is made already, or about what is to be made of a failure.
  const { drift: _limits, on_table_failure: _failures, keep_files, ...rest } = entry;
  const made = { ...rest, ...(keep_files !== 'none' && { keep_files }) };
  return sha256({ entry: made, iceberg, table: tableDigest(entry, settings) });
}

/** Changes when an unchanged source file would be converted or checked differently. SHA-256, hex. */
export function tableDigest(entry: DatasetEntry, settings: Settings): string {
  const {
    columns,
    csv,
    sheets,
    tables,
    files,
    checks,
    large_dataset,
    chunk_size,
    target_column,
    ml_task,
  } = entry;
  const { compression, compression_level, parquet, row_group_size, max_part_size } = settings;
  return sha256({
    revision: CONVERSION_REVISION,
    ...{
      columns,
      csv,
      sheets,
      tables,
      pins: files?.pins,
      checks,
      large_dataset,
      chunk_size,
      target_column,
      ml_task,
    },
    ...{ compression, compression_level, parquet, row_group_size, max_part_size },
  });
}

/** Eight digits of what a version was made from: the source's bytes and the configuration. */
export function contentDigest8(checksum: string, config: string): string {
  return sha256({ checksum, config }).slice(0, 8);
}

/**
 * Where one download of one run stores what it makes: `datasets/<dataset>/v<version>-<digest8>-<run8>` below
 * the root of the store, without a last slash. No other run, host or installation writes there: what lies
 * under it is its own.
 */
export function publicationPrefix(
  root: string,
  dataset: string,
  version: string,
  digest8: string,
  run: { readonly runId: string; readonly activityId: string },
): string {
  const run8 = sha256(run).slice(0, 8);
  return `${root}datasets/${dataset}/v${version.replaceAll(/[^\w.-]/g, '_')}-${digest8}-${run8}`;
}

/** JSON with sorted keys, so that the order of keys in the file does not matter. */
function sha256(value: unknown): string {
  const canonical = JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
  return createHash('sha256').update(canonical).digest('hex');
}
