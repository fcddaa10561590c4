/** `files:` of a dataset: which of them count, and what a person knows of some of them alone. */
import { z } from 'zod';
import { dialect } from './dialect.js';
import { list } from './list.js';
import { pinnedColumns } from './pinned-columns.js';

/** What a file can be read as. */
export const TABLE_FORMATS = [
  'csv',
  'json',
  'ndjson',
  'parquet',
  'workbook',
  'sqlite',
  'dbase',
  'arrow',
  'arff',
  'stata',
  'sas_transport',
  'numpy',
  'avro',
] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

const pins = z.strictObject({
  /** Whatever its name and content look like. */
  format: z.enum(TABLE_FORMATS).optional(),
  csv: dialect.optional(),
  columns: pinnedColumns.optional(),
});

export type FilePins = z.infer<typeof pins>;

/** Any other key is a pattern, as those of `include`. */
export const files = z
  .object({ include: list.optional(), exclude: list.optional() })
  .catchall(pins)
  .transform(({ include, exclude, ...byPattern }) => ({
    ...(include && { include }),
    ...(exclude && { exclude }),
    ...(Object.keys(byPattern).length > 0 && { pins: byPattern }),
  }));
