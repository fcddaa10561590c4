/** The shape of `kaggle_datasets_config.yaml`: settings, defaults and one entry a dataset. */
import { z } from 'zod';
import { ImportError } from '../errors/index.js';
import { parseCompetitionReference, parseDatasetReference } from '../source/kaggle/reference.js';
import { NAMED_SOURCES } from '../source/named.js';
import { dialect } from './dialect.js';
import { drift } from './drift.js';
import { files } from './files.js';
import { iceberg } from './iceberg.js';
import { list } from './list.js';
import { pinnedColumns } from './pinned-columns.js';
import { sheets } from './sheets.js';
import { bytes } from './size.js';
import { tables } from './tables.js';

/** A text that `parse` does not refuse; it stays as it is written. */
function readBy(parse: (text: string) => unknown): z.ZodString {
  return z.string().superRefine((text, context) => {
    try {
      parse(text);
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
      const { expected, found } = error.context;
      context.addIssue({ code: 'custom', message: `expected ${expected}, found ${found}` });
    }
  });
}

const MIN_AND_MAX = { error: 'expected a min that is not above max' };

function ordered({ min, max }: { min?: number | undefined; max?: number | undefined }): boolean {
  return min === undefined || max === undefined || min <= max;
}

/** YAML reads 9007199254740993 as 9007199254740992: no rule may accept a value that nobody wrote. */
const exactNumber = z
  .number()
  .refine(
    (number) =>
      !Number.isInteger(number) || Number.isSafeInteger(number) || Math.abs(number) >= 1e21,
    {
      error: 'expected whole numbers beyond 2^53 in quotes, which keep all of their digits',
    },
  );

const severity = z.enum(['warn', 'fail']);

/** Limits against hostile archives. */
const limits = z.strictObject({
  /** Unpacked bytes for one packed byte. */
  max_ratio: z.number().positive().default(1000),
  max_unpacked_size: bytes.default(200e9),
  max_entries: z.number().int().positive().default(100_000),
  max_nesting: z.number().int().nonnegative().default(3),
});

export const settingsSchema = z.strictObject({
  cache_duration_days: z.number().nonnegative().default(7),
  import_history_days: z.number().int().positive().default(400),
  cache_max_size: bytes.default(100e9),
  compression: z.enum(['snappy', 'zstd', 'gzip', 'uncompressed']).default('snappy'),
  compression_level: z.number().int().min(1).max(22).optional(),
  /** Encodings and types that every engine reads, or those that take the least room. */
  parquet: z.enum(['everywhere', 'compact']).default('everywhere'),
  row_group_size: z.number().int().positive().default(122_880),
  /** A table whose Parquet grows past this is written as numbered parts. */
  max_part_size: bytes.default(2e9),
  /** DuckDB's memory limit for one conversion. */
  memory_limit: bytes.default(1e9),
  /** Imports that run side by side in `importAll`, for each worker that takes downloads. */
  max_parallel: z.number().int().positive().default(4),
  /** Files fetched side by side within one dataset. */
  parallel_downloads: z.number().int().positive().default(4),
  /** How long an import waits for a person or for Kaggle before it gives up, in hours; a month, as far as a history goes. */
  max_wait_hours: z.number().positive().max(720).default(24),
  /** A host that takes no task for so long, and gives no answer, is given up; its imports start over elsewhere. */
  host_lost_after_minutes: z.number().positive().default(10),
  /** Versions of each dataset that `gc` leaves, the current one included. */
  keep_versions: z.number().int().positive().default(3),
  /** Nothing goes with `gc` that has been current, or written, within so many days. */
  gc_grace_days: z.number().nonnegative().default(7),
  iceberg: iceberg.default(iceberg.parse({})),
  /** Lets `url:` sources reach private and link-local addresses. */
  allow_private_addresses: z.boolean().default(false),
  limits: limits.default(limits.parse({})),
});

const check = z.union([
  z.strictObject({
    row_count: z
      .strictObject({ min: z.number().optional(), max: z.number().optional() })
      .refine(ordered, MIN_AND_MAX),
    severity: severity.optional(),
  }),
  z.strictObject({
    missing: z.strictObject({ column: z.string(), max_percent: z.number().min(0).max(100) }),
    severity: severity.optional(),
  }),
  z.strictObject({ unique: list, severity: severity.optional() }),
  z.strictObject({
    accepted_values: z.strictObject({
      column: z.string(),
      values: z.array(z.union([z.string(), exactNumber, z.boolean()])),
    }),
    severity: severity.optional(),
  }),
  z.strictObject({
    range: z
      .strictObject({
        column: z.string(),
        min: z.number().optional(),
        max: z.number().optional(),
      })
      .refine(ordered, MIN_AND_MAX),
    severity: severity.optional(),
  }),
  z.strictObject({
    regex: z.strictObject({ column: z.string(), pattern: z.string() }),
    severity: severity.optional(),
  }),
  z.strictObject({
    freshness: z.strictObject({ column: z.string(), max_age_days: z.number().positive() }),
    severity: severity.optional(),
  }),
]);

const checks = z.strictObject({
  max_rejects: z.number().int().nonnegative().default(0),
  /** What a missed target, an implausible task or a check without its own severity does. */
  severity: severity.default('warn'),
  rules: z.array(check).default([]),
});

export const datasetFields = z.strictObject({
  kaggle_ref: readBy(parseDatasetReference).optional(),
  competition: readBy(parseCompetitionReference).optional(),
  source: z.union(NAMED_SOURCES.map(({ keys }) => keys)).optional(),
  domain: list.optional(),
  description: z.string().optional(),
  ml_task: list.optional(),
  target_column: z.string().optional(),
  licence: z.string().optional(),
  /** How the dataset is to be cited. */
  citation: z.string().optional(),
  large_dataset: z.boolean().default(false),
  /** Rows in a row group of a large dataset. */
  chunk_size: z.number().int().positive().optional(),
  multi_file: z.boolean().default(false),
  files: files.optional(),
  /** Files that are one table together, by its name. */
  tables: tables.optional(),
  columns: pinnedColumns.optional(),
  csv: dialect.optional(),
  sheets: sheets.optional(),
  checks: checks.default(checks.parse({})),
  drift: drift.default(drift.parse({})),
  /** What becomes of files that are no tables: nothing, a line with their checksums, or an object each. */
  keep_files: z.enum(['none', 'listed', 'all']).default('none'),
  /** When one table of several fails: nothing is published, or all but that one. */
  on_table_failure: z.enum(['stop', 'publish_others']).default('stop'),
});

export const datasetSchema = datasetFields.refine(
  ({ kaggle_ref, competition, source }) =>
    [kaggle_ref, competition, source].filter((where) => where !== undefined).length === 1,
  { message: 'expected exactly one of kaggle_ref, competition or source' },
);

const NAME = 'expected lower-case letters, digits, _ and -, not _ or - first';

export const datasetsSchema = z.preprocess(
  (raw, context) => {
    // zod's records leave it out, and with it a dataset without a word.
    if (typeof raw === 'object' && raw !== null && Object.hasOwn(raw, '__proto__'))
      context.addIssue({ code: 'custom', path: ['__proto__'], message: NAME });
    return raw;
  },
  z.record(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, NAME), datasetSchema),
);

export const configFileSchema = z.strictObject({
  /** Further files with entries: paths and patterns relative to this one. */
  include: list.optional(),
  config: settingsSchema.default(settingsSchema.parse({})),
  defaults: datasetFields.partial().optional(),
  /** By domain: go under the entries of that domain, and over `defaults`. */
  domain_defaults: z.record(z.string(), datasetFields.partial()).optional(),
  datasets: datasetsSchema,
});

export type Settings = z.infer<typeof settingsSchema>;
export type DatasetEntry = z.infer<typeof datasetSchema> & { readonly name: string };
export type CheckRule = z.infer<typeof check>;

/** The configuration, read and valid. */
export interface DatasetsConfig {
  /** The file it came from; it may include others. */
  readonly file: string;
  /** Of the texts of all files; SHA-256, hex. */
  readonly digest: string;
  readonly settings: Settings;
  readonly datasets: ReadonlyMap<string, DatasetEntry>;
}
