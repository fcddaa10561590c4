/** What the catalog can be asked and told. */
import type { PinnedSource } from '../source/types.js';
import type { Batches } from './batches.js';
import type { Messages } from './messages.js';
import type { IcebergHistory, IcebergMove } from './iceberg.js';
import type { PublishResult } from './publish.js';
import type { Twin } from './twin.js';
import type { Sweeping } from './versions.js';
import type { Workers } from './workers.js';
import type {
  DatasetSummary,
  DescribedTable,
  DescribedVersion,
  FailedRow,
  HeldVersion,
  ImportEnd,
  ImportRecord,
  ImportStart,
  KeptFile,
  KeptRow,
  Publication,
  PublicationContent,
  PublishedTable,
  PublishedVersion,
  RunEnd,
  RunId,
  Verdict,
  VersionObject,
} from './types.js';

/**
 * Every method throws `ImportError`: DATABASE_UNREACHABLE, DATABASE_FORBIDDEN, DATABASE_BUSY, DATABASE_FAILED
 * with host, port and database, or CATALOG_OUTDATED when migrations are missing. Every write may run again.
 */
export interface Catalog {
  /** Version of the server, such as `18.0`. */
  ping(signal?: AbortSignal): Promise<{ readonly version: string }>;
  findPublication(dataset: string): Promise<PublishedVersion | undefined>;
  /** Tables of the current version, by name; none for an unpublished dataset. */
  findPublishedTables(dataset: string): Promise<PublishedTable[]>;
  /** Published versions of a dataset, newest first. */
  findVersions(dataset: string): Promise<DescribedVersion[]>;
  /** Tables of one version, by name, with everything that is known of their columns. */
  describeTables(versionId: string): Promise<DescribedTable[]>;
  /** Tables of any version, by name. */
  versionTables(versionId: string): Promise<PublishedTable[]>;
  /** Every object that a version needs, also those of carried-over tables. */
  versionObjects(versionId: string): Promise<VersionObject[]>;
  /** The version whose objects lie there. */
  versionAt(prefix: string): Promise<string | undefined>;
  /** What the version was published without; the first `most` of it. */
  failedTables(versionId: string, most: number): Promise<FailedRow[]>;
  /** Of the current version: files that are stored as they are. */
  keptFiles(dataset: string): Promise<KeptFile[]>;
  /** Of any version: the first `most` files that are stored or listed as they are, in the order of their paths. */
  keptOf(versionId: string, most: number): Promise<KeptRow[]>;
  /** A version of the same source, configuration and bytes. */
  findTwin(publication: PublicationContent): Promise<Twin | undefined>;
  /**
   * Throws IMPORT_SUPERSEDED when the run is not the dataset's latest or has ended, and CARRIED_OVER_MISSING
   * when the current version lacks a table to be carried over. Where a version becomes current, `iceberg` moves what
   * engines see of it; without it they see what they saw. Throws ICEBERG_MOVED, ICEBERG_NAME_TAKEN.
   */
  publish(publication: Publication, iceberg?: IcebergMove): Promise<PublishResult>;
  /** Makes a version that is there current, or held by the verdict. Throws VERSION_MISSING, IMPORT_SUPERSEDED. */
  makeCurrent(
    versionId: string,
    run: RunId,
    iceberg?: IcebergMove,
    verdict?: Verdict,
  ): Promise<void>;
  /** What was made of a version when it was published. */
  findVerdict(versionId: string): Promise<Verdict>;
  /** The version of the dataset that waits for a person. */
  findHeld(dataset: string): Promise<HeldVersion | undefined>;
  /**
   * On behalf of a person; imports that began before publish no more. False when it is current already.
   * Throws VERSION_REMOVED, VERSION_HELD.
   */
  rollback(dataset: string, versionId: string, iceberg?: IcebergMove): Promise<boolean>;
  /**
   * Makes a held version current; imports that began before publish no more. False when it is current already.
   * Throws VERSION_NOT_HELD, also when something newer is current.
   */
  approve(dataset: string, versionId: string, iceberg?: IcebergMove): Promise<boolean>;
  /** No import brings it back by itself. False when it was rejected already. Throws VERSION_NOT_HELD. */
  reject(dataset: string, versionId: string): Promise<boolean>;
  /** A person has gone back from what an import of this source and configuration would publish. */
  isPassedOver(dataset: string, pin: PinnedSource, configDigest: string): Promise<boolean>;
  /** Those of `keys` whose objects a verification has found to be other than what was published. */
  damagedKeys(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** From now on imports take the object for gone; `found` says what was wrong, for people. */
  markDamaged(key: string, found: string): Promise<void>;
  /** The objects are as they were published, or gone. */
  forgetDamage(keys: readonly string[]): Promise<void>;
  /** What the next Iceberg metadata of the dataset is made of; waits for a publication under way. */
  icebergHistory(dataset: string): Promise<IcebergHistory>;
  /** Of tables that are to be published. Throws ICEBERG_NAME_TAKEN. */
  requireIcebergNames(
    dataset: string,
    place: Pick<IcebergMove, 'catalogName' | 'namespace'>,
    names: readonly string[],
  ): Promise<void>;
  /** Of the current version. Throws ICEBERG_MOVED, ICEBERG_NAME_TAKEN. */
  renewIceberg(dataset: string, versionId: string, move: IcebergMove): Promise<void>;
  /** What the removal of old versions needs. */
  readonly sweeping: Sweeping;
  readonly batches: Batches;
  readonly messages: Messages;
  readonly workers: Workers;
  /** Which catalog this is; a restored one is the same. */
  id(): Promise<string>;
  /**
   * Before the first object is written under `prefix`: from now on it is this run's. `largeKeys` are uploaded
   * in parts. Throws IMPORT_SUPERSEDED when it is another run's, or its objects were removed.
   */
  claimPrefix(prefix: string, dataset: string, run: RunId, largeKeys: string[]): Promise<void>;
  /**
   * From now on no run can publish the prefix, and what lies there may be removed. Gives the keys that were
   * uploaded in parts; `undefined` when the prefix is published, or not of this run.
   */
  releasePrefix(prefix: string, run: RunId): Promise<readonly string[] | undefined>;
  /** Also makes the run the latest of its dataset: whatever ran before publishes no more. */
  startImport(start: ImportStart): Promise<void>;
  /** Also of a run whose start could not be recorded. */
  finishImport(end: ImportEnd): Promise<void>;
  /** Those whose end is not recorded, oldest first. */
  unfinishedImports(): Promise<ImportStart[]>;
  /** For a run that could not record its end itself; without effect on one that did. */
  closeImport(run: RunId, end: RunEnd): Promise<void>;
  /** Forgets runs that began more than `days` ago, at most so many; the newest of a dataset stays. Gives how many. */
  retireImports(days: number, most: number): Promise<number>;
  /** Prefixes of runs that have ended, under which something may lie that was never published. */
  abandonedPrefixes(): Promise<Array<RunId & { readonly prefix: string }>>;
  /** After the removal: a day later it is looked at once more, for what a zombie has stored since. */
  prefixRemoved(prefix: string): Promise<void>;
  /** By name. */
  listDatasets(): Promise<DatasetSummary[]>;
  /** Newest first. */
  importsOf(dataset: string, limit: number): Promise<ImportRecord[]>;
  close(): Promise<void>;
}
