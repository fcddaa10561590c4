/** What goes into the catalog and what comes out of it. */
import type { DatasetEntry } from '../config/datasets.js';
import type { AppendedFiles } from '../contract.js';
import type {
  CheckResult,
  ColumnDescription,
  SkippedFile,
  TableDescription,
} from '../convert/types.js';
import type { PinnedSource, SourceKind } from '../source/types.js';
import type { StoredObject } from '../store/types.js';
import type { DriftFinding, Verdict } from './verdict.js';

export type { DriftFinding, Verdict };
export type * from './run-types.js';

/** A converted table whose objects are stored and verified. */
export interface StoredTableDescription {
  readonly description: TableDescription;
  /** Of the configuration that shapes a table; see `config/digest.ts`. */
  readonly tableDigest: string;
  /** In the order of the description's parts. */
  readonly objects: readonly StoredObject[];
  readonly rejectsObject?: StoredObject;
}

/** A file that describes a version beside its tables, as it was stored. */
export interface StoredMetadata extends StoredObject {
  /** Below the prefix of the version. */
  readonly name: string;
  readonly mediaType: string;
}

/** All of a publication but what is made of it. */
export type PublicationContent = Omit<Publication, 'metadata' | 'verdict'>;

/** A file that is no table, stored as it is or listed with its checksum. */
export interface KeptFile {
  /** In the dataset. */
  readonly path: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  readonly mediaType: string;
  /** Of its object; absent for one that is only listed. */
  readonly key?: string;
  /** The version whose object it is, when that is an older one. */
  readonly ofVersion?: string;
}

/** As a version has it: `count` files and `allBytes` bytes are those of all of them. */
export interface KeptRow extends Omit<KeptFile, 'ofVersion'> {
  readonly count: number;
  readonly allBytes: number;
}

/** Everything that one transaction makes current. */
export interface Publication {
  readonly entry: DatasetEntry;
  readonly pin: PinnedSource;
  /** Of the source's bytes, hex. */
  readonly checksum: string;
  readonly configDigest: string;
  /** `datasets/<dataset>/v<version>-<digest8>-<run8>`; it is the run's own. */
  readonly prefix: string;
  /** croissant.json and what stands beside it. */
  readonly metadata: readonly StoredMetadata[];
  readonly workflowId: string;
  readonly runId: string;
  readonly tables: readonly StoredTableDescription[];
  /** Names of tables of the current publication that are taken over with the objects they have. */
  readonly carriedOver: readonly string[];
  readonly skipped: readonly SkippedFile[];
  /** Files that are no tables, as they are. */
  readonly kept?: readonly KeptFile[];
  readonly provenance: Readonly<Record<string, unknown>>;
  /** Absent when there was nothing to compare it with. */
  readonly verdict?: Verdict;
}

/** A table that a version was published without. */
export interface FailedRow {
  /** Its name, or the path of its file. */
  readonly table: string;
  readonly code: string;
  readonly message: string;
  /** Of all of the version. */
  readonly count: number;
}

/** The current version of a dataset. */
export interface PublishedVersion {
  readonly versionId: string;
  readonly sourceVersion: string;
  readonly sourceKind: SourceKind;
  readonly sourceReference: string;
  readonly configDigest: string;
  readonly prefix: string;
  /** ISO 8601, UTC. */
  readonly publishedAt: string;
  readonly tables: number;
  readonly rows: number;
  readonly parquetBytes: number;
  /** Counts the changes of what is current. */
  readonly generation: number;
}

/** A version that waits for a person. */
export interface HeldVersion extends PublishedVersion {
  /** ISO 8601, UTC. */
  readonly heldSince: string;
  readonly drift: readonly DriftFinding[];
}

/** An object that a version consists of; that of a carried-over table lies under an older prefix. */
export interface VersionObject {
  readonly role: 'table' | 'rejects' | 'metadata' | 'iceberg' | 'kept';
  readonly table?: string;
  /** Position within the table, from 0. */
  readonly part?: number;
  readonly key: string;
  readonly bytes?: number;
  /** Hex. */
  readonly sha256?: string;
}

export interface PublishedPart {
  readonly key: string;
  readonly rows: number;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

export type PublishedColumn = Pick<
  ColumnDescription,
  'position' | 'name' | 'originalName' | 'type' | 'nullable' | 'personalData' | 'description'
>;

/** A table of the current version. */
export interface PublishedTable {
  readonly name: string;
  readonly originalPath: string;
  readonly description?: string;
  readonly sourceBytes: number;
  readonly sourceSha256: string;
  readonly tableDigest: string;
  /** More than one for a table above `max_part_size`; may lie under the prefix of an older version. */
  readonly parts: readonly PublishedPart[];
  readonly rejectsPart?: PublishedPart;
  readonly rows: number;
  readonly rejects: number;
  readonly parquetBytes: number;
  readonly columns: readonly PublishedColumn[];
}

/** A version of a dataset, current or not, with what the source said of it. */
export interface DescribedVersion extends PublishedVersion {
  readonly current: boolean;
  /**
   * `held` waits for a person; `rejected` by one; `overtaken` by something newer while it was held. Objects of a
   * `removed` one are gone.
   */
  readonly state: 'current' | 'superseded' | 'held' | 'rejected' | 'overtaken' | 'removed';
  /** Of the source's bytes, hex. */
  readonly checksum: string;
  /** Since when it is in this state; ISO 8601, UTC; absent while it is current. */
  readonly supersededAt?: string;
  /** When a person went back from it; ISO 8601, UTC. */
  readonly rolledBackAt?: string;
  readonly rejects: number;
  readonly drift: readonly DriftFinding[];
  readonly provenance: Readonly<Record<string, unknown>>;
  readonly title?: string;
  readonly description?: string;
  readonly licence?: string;
  /** The licence by its identifier in SPDX's list. */
  readonly spdx?: string;
  readonly keywords: readonly string[];
  readonly citation?: string;
  readonly targetColumn?: string;
  /** What new files have come to which of its tables; of a removed version nobody knows. */
  readonly appended: readonly AppendedFiles[];
}

/** A version that nothing keeps any more. */
export interface StaleVersion {
  readonly versionId: string;
  readonly dataset: string;
  readonly sourceVersion: string;
  readonly prefix: string;
  /** ISO 8601, UTC. */
  readonly publishedAt: string;
  /** ISO 8601, UTC. */
  readonly supersededAt: string;
}

/** A table of one version, with proofs and statistics. */
export interface DescribedTable {
  readonly name: string;
  readonly originalPath: string;
  /** As the source describes its file. */
  readonly description?: string;
  readonly format: string;
  readonly sourceBytes: number;
  readonly sourceSha256: string;
  readonly tableDigest: string;
  readonly rows: number;
  readonly rejects: number;
  readonly parquetBytes: number;
  readonly parts: readonly PublishedPart[];
  readonly rejectsPart?: PublishedPart;
  readonly checks: readonly CheckResult[];
  readonly warnings: readonly string[];
  readonly dialect: Readonly<Record<string, unknown>>;
  readonly columns: readonly ColumnDescription[];
}

/** One dataset as `list` and `status` show it; known by a publication, an import, or both. */
export interface DatasetSummary {
  readonly dataset: string;
  readonly sourceVersion?: string;
  /** ISO 8601, UTC. */
  readonly publishedAt?: string;
  readonly tables?: number;
  readonly rows?: number;
  readonly parquetBytes?: number;
  /** The source's version that waits for a person, if one does. */
  readonly heldVersion?: string;
  /** ISO 8601, UTC. */
  readonly heldSince?: string;
  readonly lastWorkflowId?: string;
  readonly lastRunId?: string;
  readonly lastOutcome?: string;
  readonly lastErrorCode?: string;
  /** Tables that the last import has published without, or found the current version without. */
  readonly lastFailedTables?: number;
  readonly lastStartedAt?: string;
  readonly lastEndedAt?: string;
  readonly lastDurationMs?: number;
}
