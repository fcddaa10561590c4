/** What goes into the conversion and what comes out of it. */
import type { TableFormat } from '../config/files.js';
import type { ByteLedger } from './read/byte-ledger.js';
import type { Decision } from './read/decision.js';
import type { ColumnStatistics } from './write/parquet.js';

export type { TableFormat };

/** One file of several that are a table together. */
export interface TableMember {
  readonly originalPath: string;
  readonly inside?: string;
  /** The unpacked file, relative to the import's work directory. */
  readonly file: string;
  readonly sourceBytes: number;
  /** Hex. */
  readonly sourceSha256: string;
}

/** One tabular file found in a dataset, unpacked and ready to convert. */
export interface TableSource {
  /** Unique within the dataset, safe in object keys: `[a-z0-9_]`, folders joined by `__`. */
  readonly name: string;
  /** Where the file stood in the dataset: `folder/file.csv`, `inner.zip/file.csv`, `book.xlsx#Sheet1`. */
  readonly originalPath: string;
  /** As the source describes the file. */
  readonly description?: string;
  /** Of columns by the names that the source has for them. */
  readonly columnDescriptions?: ReadonlyArray<readonly [name: string, description: string]>;
  /** The table within a file of several: a sheet, a table of a database. */
  readonly inside?: string;
  /** What a person should know of how it was found, in words. */
  readonly remark?: string;
  /** The unpacked file, relative to the import's work directory. */
  readonly file: string;
  readonly format: TableFormat;
  readonly sourceBytes: number;
  /** SHA-256 of the unpacked file, hex: decides whether a table changed between versions. */
  readonly sourceSha256: string;
  /** Of a table of several files (`tables:`), in the order of their rows; `file` is the first of them. */
  readonly members?: readonly TableMember[];
}

/** A file of the dataset that is not a table, or whose table has failed: listed in the catalog, not stored. */
export interface SkippedFile {
  readonly originalPath: string;
  readonly bytes: number;
  /** In words: `not tabular`, `excluded by files:`, `empty`; of a failure its message. */
  readonly reason: string;
  /** A file of its own, which `keep_files` stores as it is. */
  readonly keeps?: true;
  /** Of a table that is not there because it failed. */
  readonly failure?: {
    readonly code: string;
    readonly nextStep: string;
    /** Absent while nobody knows which tables the file holds. */
    readonly table?: string;
  };
}

/** One written Parquet file, relative to the work directory. */
export interface ParquetPart {
  readonly file: string;
  /** Of the object that it is already, of an older version; its file may be gone. */
  readonly key?: string;
  readonly rows: number;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** What the workflow needs to know of a converted table; everything else is in the description file. */
export interface ConvertedTable {
  readonly name: string;
  readonly originalPath: string;
  /** The table's description (`TableDescription` as JSON), relative to the work directory. */
  readonly descriptionFile: string;
  readonly parts: readonly ParquetPart[];
  /** Rejected records as Parquet; absent when there are none. */
  readonly rejectsPart?: ParquetPart;
  readonly sourceBytes: number;
  /** The ledger: `sourceRecords === rows + rejects`, checked before this value exists. */
  readonly sourceRecords: number;
  readonly rows: number;
  readonly rejects: number;
  readonly columns: number;
  /** Findings that a person may want to read; failures are thrown instead. */
  readonly warnings: readonly string[];
  /** Of a table that has grown: `parts` are the new ones alone, all else is of the whole table. */
  readonly appended?: Appended;
}

/** What has come to a table of which an older version is kept. */
export interface Appended {
  readonly files: number;
  readonly rows: number;
  /** The source's version that it has been appended to. */
  readonly to: string;
}

/** A table as an older version has it: what the catalog says of it. */
export interface TableBefore {
  readonly rows: number;
  readonly rejects: number;
  readonly parts: ReadonlyArray<Omit<ParquetPart, 'file'> & { readonly key: string }>;
  readonly rejectsPart?: Omit<ParquetPart, 'file'> & { readonly key: string };
  readonly columns: readonly ColumnDescription[];
  readonly checks: readonly CheckResult[];
  readonly warnings: readonly string[];
  readonly dialect: Readonly<Record<string, unknown>>;
}

/** A table whose files are those of an older version and some more: its parts stay, and the new files become parts. */
export interface Growth {
  /** Of the catalog. */
  readonly versionId: string;
  readonly prefix: string;
  /** The source's. */
  readonly version: string;
  readonly before: TableBefore;
  /** The files that are new, in the order of their rows. */
  readonly members: readonly TableMember[];
}

/** Why a column has its type. */
export interface ColumnProof {
  /** The type that was written, as DuckDB spells it. */
  readonly type: string;
  /** The rule by which written values equal their source text: `text`, `canonical`, `decimal`, `instant`, ... */
  readonly rule: string;
  /** Non-null cells compared over the whole file. */
  readonly checkedCells: number;
  /** Source texts read as NULL in this column, with how often. */
  readonly nullTokens: Readonly<Record<string, number>>;
  /** Wider and wider: each candidate that failed, why, and where first. */
  readonly demotions: ReadonlyArray<{
    readonly type: string;
    readonly reason: string;
    /** 1-based data record of the first counter-example. */
    readonly row?: number;
    readonly value?: string;
  }>;
}

export interface ColumnDescription {
  /** 0-based. */
  readonly position: number;
  /** Unique within the table. */
  readonly name: string;
  /** As the source spells it, before duplicates and blanks were named. */
  readonly originalName: string;
  /** As the source describes it. */
  readonly description?: string;
  /** What the source declares or looks like before the proof: `text` for CSV. */
  readonly originalType: string;
  /** The written DuckDB type. */
  readonly type: string;
  readonly nullable: boolean;
  /** `undefined` when nothing personal was found; else the kind: `email`, `phone`, `name`, ... */
  readonly personalData?: string;
  /** Up to five distinct values; masked when personal. */
  readonly examples: readonly string[];
  /** nullCount, distinct or approxDistinct, min, max, mean, stddev, minLength, maxLength, mostFrequent: those that apply. */
  readonly stats: Readonly<Record<string, unknown>>;
  readonly proof: ColumnProof;
}

/** The outcome of one configured quality check. */
export interface CheckResult {
  readonly check: string;
  readonly column?: string;
  readonly severity: 'warn' | 'fail';
  readonly passed: boolean;
  /** Expected and found, in words. */
  readonly message: string;
}

/** All that is known of a converted table: written beside the Parquet as JSON, read by the catalog. */
export interface TableDescription {
  readonly table: TableSource;
  /** All parts, those that are kept of an older version first. */
  readonly result: Omit<ConvertedTable, 'descriptionFile'>;
  /** The version whose parts are kept. */
  readonly grownFrom?: Pick<Growth, 'versionId' | 'prefix' | 'version'>;
  readonly columns: readonly ColumnDescription[];
  readonly checks: readonly CheckResult[];
  /** Delimiter, quote, escape, encoding, header, newline, and the scores of what else was considered. */
  readonly dialect: Readonly<Record<string, unknown>>;
  /** How the source was read where it does not say so itself. */
  readonly decisions: readonly Decision[];
  /** Of text files: where each byte belongs. */
  readonly byteLedger?: ByteLedger;
  /** Of each part, by column name: what engines skip files by. Columns of personal data are not among them. */
  readonly partStatistics: ReadonlyArray<Readonly<Record<string, ColumnStatistics>>>;
}
