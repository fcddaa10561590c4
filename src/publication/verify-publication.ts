/** Verifies a version with all that shows it, and remembers what is wrong, so that the next import stores it again. */
import {
  findVersion,
  verifyVersion,
  versionFolder,
  type Handle,
  type Problem,
} from '../published/index.js';
import type { Published } from '../published/open.js';
import { icebergProblems } from './iceberg-problem.js';
import { pointerProblem } from './pointer.js';

export interface Verified {
  readonly dataset: string;
  readonly version: string;
  /** Tells apart two versions of one source. */
  readonly folder: string;
  readonly objects: number;
  readonly bytes: number;
  readonly problems: readonly Problem[];
}

export interface VerifyFollow {
  readonly signal: AbortSignal;
  /** Bytes that have arrived since the last call. */
  readonly onBytes: (bytes: number) => void;
}

/** The current version when none is named. Throws DATASET_UNPUBLISHED, VERSION_UNKNOWN, VERSION_REMOVED. */
export async function verifyPublication(
  handle: Handle,
  published: Published,
  { signal, onBytes }: VerifyFollow,
): Promise<Verified> {
  const { catalog, store } = published;
  const found = await findVersion(catalog, handle);
  const { dataset, version } = found;
  const { objects, bytes, problems } = await verifyVersion(found, {
    ...published,
    signal,
    onBytes,
  });
  const keys = await catalog.versionObjects(version.versionId);
  // What is missing, imports see by themselves; a reading that broke off may go well the next time.
  const broken = new Map(
    problems
      .filter(({ what }) => what !== 'missing' && what !== 'unreadable')
      .map((problem) => [problem.key, problem]),
  );
  for (const [key, { what, found: instead }] of broken) {
    await catalog.markDamaged(key, `${what}: ${instead}`);
  }
  await catalog.forgetDamage(keys.map(({ key }) => key).filter((key) => !broken.has(key)));
  const pointer = version.current && (await pointerProblem({ catalog, store }, dataset, signal));
  const iceberg = version.current ? await icebergProblems({ catalog, store }, dataset) : [];
  const all = [
    ...problems,
    ...(pointer ? [{ dataset, what: 'pointer' as const, ...pointer }] : []),
    ...iceberg.map((problem) => ({ dataset, what: 'iceberg' as const, ...problem })),
  ];
  const folder = versionFolder(version.prefix);
  return { dataset, version: version.sourceVersion, folder, objects, bytes, problems: all };
}
