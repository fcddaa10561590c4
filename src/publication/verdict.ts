/** Whether a new version becomes current, or is held: by what it has in common with the current one. */
import type { Catalog, HeldVersion, Publication, Verdict } from '../catalog/index.js';
import { findDrift } from '../published/drift.js';

type Comparing = Pick<Catalog, 'findPublication' | 'describeTables'>;
type Candidate = Pick<Publication, 'entry' | 'pin' | 'tables' | 'carriedOver'>;

/**
 * Compares it with what is current now: the commit is refused when that has changed until then. Nothing is compared
 * when nothing is current, and when the current version is of the same source: then a person has changed the
 * configuration.
 */
export async function judge(
  catalog: Comparing,
  { entry, pin, tables, carriedOver }: Candidate,
): Promise<Verdict> {
  const current = await catalog.findPublication(entry.name);
  const isSameSource =
    current?.sourceKind === pin.kind &&
    current.sourceReference === pin.reference &&
    current.sourceVersion === pin.version;
  if (!current || isSameSource || entry.drift.on === 'evolve') return { drift: [], held: false };
  const before = await catalog.describeTables(current.versionId);
  const kept = new Set(carriedOver);
  const after = [
    ...before.filter(({ name }) => kept.has(name)),
    ...tables.map(({ description: { result, columns } }) => ({ ...result, columns })),
  ];
  const drift = findDrift(before, after, entry.drift, entry.target_column);
  return { drift, held: drift.length > 0 && entry.drift.on === 'hold' };
}

/** Whether a version that is held would be held by the limits as they are now. */
export async function isStillHeld(
  catalog: Comparing,
  { versionId }: Pick<HeldVersion, 'versionId'>,
  { name, drift, target_column }: Publication['entry'],
): Promise<boolean> {
  const current = await catalog.findPublication(name);
  if (!current || drift.on !== 'hold') return false;
  const before = await catalog.describeTables(current.versionId);
  const after = await catalog.describeTables(versionId);
  return findDrift(before, after, drift, target_column).length > 0;
}
