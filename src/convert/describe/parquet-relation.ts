/** Spells written Parquet files in SQL, and what can be asked of their columns. */
import { quoteText } from '../relation.js';

/** All parts of one table, in their order; a folder above them that is called `id=5` is no column. */
export function parquetRelation(files: readonly string[]): string {
  return `read_parquet([${files.map(quoteText).join(', ')}], hive_partitioning=false)`;
}

export type TypeFamily =
  'integer' | 'decimal' | 'float' | 'text' | 'boolean' | 'temporal' | 'other';

/** What can be asked of a column of this DuckDB type; nested and binary types are `other`. */
export function typeFamily(type: string): TypeFamily {
  const upper = type.toUpperCase();
  if (/[[\]]|^(STRUCT|MAP|UNION|LIST|ARRAY)\b/.test(upper)) return 'other';
  if (/^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/.test(upper)) return 'integer';
  if (upper.startsWith('DECIMAL')) return 'decimal';
  if (/^(FLOAT|DOUBLE|REAL)$/.test(upper)) return 'float';
  if (/^(VARCHAR|JSON|ENUM|UUID)\b/.test(upper)) return 'text';
  if (upper === 'BOOLEAN') return 'boolean';
  if (/^(DATE|TIMESTAMP|TIME)\b/.test(upper)) return 'temporal';
  return 'other';
}
