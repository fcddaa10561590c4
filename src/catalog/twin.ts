/** Finds a version that a publication would only repeat: the same source, configuration and bytes. */
import type { Database } from './database.js';
import { storableText } from './json.js';
import { readRows } from './rows.js';
import { CURRENT_VERSION, FIND_VERSIONS_OF_SOURCE, VERSION_OBJECTS } from './statements/read.js';
import type { Publication, PublicationContent, VersionObject } from './types.js';

export interface Twin {
  readonly versionId: string;
  readonly prefix: string;
  readonly objects: readonly VersionObject[];
}

/** The current version before older ones. Whether its objects are there is for the caller to see. */
export async function findTwin(
  database: Database,
  publication: PublicationContent,
): Promise<Twin | undefined> {
  const { entry, pin, checksum, configDigest } = publication;
  const [reference, version] = [storableText(pin.reference), storableText(pin.version)];
  const source = [entry.name, pin.kind, reference, version, checksum, configDigest];
  const candidates = await readRows<{ versionId: string; prefix: string }>(
    database,
    FIND_VERSIONS_OF_SOURCE,
    source,
  );
  if (candidates.length === 0) return undefined;
  const wanted = await wantedContent(database, publication);
  for (const { versionId, prefix } of candidates) {
    const objects = await versionObjects(database, versionId);
    if (contentOf(objects) === wanted) return { versionId, prefix, objects };
  }
  return undefined;
}

/** Everything that readers of the version need, carried-over tables too. */
export function versionObjects(database: Database, versionId: string): Promise<VersionObject[]> {
  return readRows<VersionObject>(database, VERSION_OBJECTS, [versionId]);
}

/** Fresh tables as they were stored, the others as they are in the current version. */
async function wantedContent(
  database: Database,
  {
    entry,
    tables,
    carriedOver,
    kept = [],
  }: Pick<Publication, 'entry' | 'tables' | 'carriedOver' | 'kept'>,
): Promise<string> {
  const [current] = await readRows<{ id?: string }>(database, CURRENT_VERSION, [entry.name]);
  const before = current?.id === undefined ? [] : await versionObjects(database, current.id);
  const fresh = tables.flatMap(({ description, objects, rejectsObject }) => {
    const { name: table } = description.table;
    return [
      ...objects.map(({ sha256 }, part) => ({ role: 'table', table, part, sha256 })),
      ...(rejectsObject ? [{ role: 'rejects', table, part: 0, sha256: rejectsObject.sha256 }] : []),
    ];
  });
  const carried = new Set(carriedOver);
  const files = kept.flatMap(({ key, sha256 }) =>
    key === undefined ? [] : [{ role: 'kept', part: 0, sha256 }],
  );
  return contentOf([...fresh, ...files, ...before.filter(({ table }) => carried.has(table ?? ''))]);
}

type Content = Pick<VersionObject, 'table' | 'part' | 'sha256'> & { readonly role: string };

/** The bytes of all tables, rejects and kept files, wherever they lie. */
function contentOf(objects: readonly Content[]): string {
  return objects
    .filter(({ role }) => ['table', 'rejects', 'kept'].includes(role))
    .map(({ role, table, part, sha256 }) => JSON.stringify([role, table, part, sha256]))
    .sort()
    .join('\n');
}
