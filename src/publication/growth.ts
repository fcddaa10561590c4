/** Whether a table of like files has only grown since the version that is current: then its parts stay, and new ones come. */
import type { DescribedTable, PublishedVersion } from '../catalog/index.js';
import type { DatasetEntry } from '../config/datasets.js';
import { STORED_ANEW } from '../convert/grow/grown-reading.js';
import type { Growth, TableSource } from '../convert/types.js';

/** A table as it is converted next. */
export interface GrowingSource {
  readonly table: TableSource;
  readonly growth?: Growth;
}

interface StoredFile {
  readonly path: string;
  readonly sha256: string;
}

export interface Standing {
  readonly version: Pick<PublishedVersion, 'versionId' | 'prefix' | 'sourceVersion'>;
  readonly before: DescribedTable;
  /** All of its objects are in the store, and none is known to be damaged. */
  readonly isPresent: boolean;
}

export interface Asked {
  readonly entry: DatasetEntry;
  readonly tableDigest: string;
  readonly force: boolean;
}

/** Why it does not grow is a remark of the table; a first version has nothing to be appended to. */
export function growing(
  table: TableSource,
  current: Standing | undefined,
  asked: Asked,
): GrowingSource {
  const isAsked = asked.entry.tables?.[table.name]?.append !== undefined;
  if (!isAsked || !current) return { table };
  const reason = whyAnew(table, current, asked);
  if (reason !== undefined) return { table: withReason(table, reason) };
  const { versionId, prefix, sourceVersion } = current.version;
  const known = new Set(filesOf(current.before).map(({ path }) => path));
  const members = table.members!.filter(({ originalPath }) => !known.has(originalPath));
  const growth = { versionId, prefix, version: sourceVersion, before: current.before, members };
  return { table, growth };
}

/** @param reason - in words, without a value of the table */
export function withReason(table: TableSource, reason: string): TableSource {
  const remark = [table.remark, `${STORED_ANEW}: ${reason}`].filter((text) => text !== undefined);
  return { ...table, remark: remark.join('; ') };
}

function whyAnew(
  { members = [] }: TableSource,
  { before, isPresent }: Standing,
  { tableDigest, force }: Asked,
): string | undefined {
  if (force) return 'the import was forced';
  if (before.tableDigest !== tableDigest) return 'its configuration, or kaggle-import, has changed';
  if (!isPresent) return 'objects of it are gone from the store, or damaged';
  const files = filesOf(before);
  if (files.length === 0) return 'its files are not known';
  const found = new Map(members.map((member) => [member.originalPath, member.sourceSha256]));
  const gone = files.filter(({ path }) => !found.has(path));
  if (gone[0]) return `${gone[0].path}${more(gone, 'is', 'are')} gone`;
  const changed = files.filter(({ path, sha256 }) => found.get(path) !== sha256);
  if (changed[0]) return `${changed[0].path}${more(changed, 'has', 'have')} changed`;
  if (members.length === files.length) return 'the order of its files has changed';
  return undefined;
}

function more({ length }: readonly StoredFile[], one: string, several: string): string {
  return length === 1 ? ` ${one}` : ` and ${length - 1} more ${several}`;
}

function filesOf({ dialect }: DescribedTable): readonly StoredFile[] {
  return (dialect['files'] as StoredFile[] | undefined) ?? [];
}
