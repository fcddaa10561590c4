/** Digests of the configuration: what was asked for, in 64 hex digits. */
import { createHash } from 'node:crypto';
import type { DatasetEntry, Settings } from './datasets.js';

/** Raised when the same source and configuration would be converted to other bytes than before. */
const CONVERSION_REVISION = 4;

/** Changes when anything about the dataset's entry or the way it is converted changes. SHA-256, hex. */
export function configDigest(entry: DatasetEntry, settings: Settings): string {
  return sha256({ entry, table: tableDigest(entry, settings) });
}

/** Changes when an unchanged source file would be converted or checked differently. SHA-256, hex. */
export function tableDigest(entry: DatasetEntry, settings: Settings): string {
  const { columns, csv, checks, large_dataset, chunk_size, target_column, ml_task } = entry;
  const { compression, compression_level, row_group_size, max_part_size } = settings;
  return sha256({
    revision: CONVERSION_REVISION,
    ...{ columns, csv, checks, large_dataset, chunk_size, target_column, ml_task },
    ...{ compression, compression_level, row_group_size, max_part_size },
  });
}

/**
 * Where the objects of one publication go: `datasets/<dataset>/v<version>-<digest8>`, without a last slash.
 * `checksum` is of the source's bytes, so other bytes under the same version get another prefix.
 */
export function publicationPrefix(
  dataset: string,
  version: string,
  checksum: string,
  config: string,
): string {
  const digest8 = sha256({ checksum, config }).slice(0, 8);
  return `datasets/${dataset}/v${version.replaceAll(/[^\w.-]/g, '_')}-${digest8}`;
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
