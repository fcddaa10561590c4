/** `verify`: reads what is stored again, and says what is not what was published. */
import { ImportError } from '../errors/index.js';
import { humanBytes } from '../human.js';
import { icebergProblems } from '../publication/iceberg-problem.js';
import { pointerProblem } from '../publication/pointer.js';
import {
  findVersion,
  parseHandle,
  verifyVersion,
  withPublished,
  type Handle,
  type Problem,
  type Published,
} from '../published/index.js';
import { commandEnvironment, type CommandContext } from './context.js';
import { textTable, type Column } from './text-table.js';
import { transferNote } from './transfer-note.js';

const COLUMNS: readonly Column[] = [
  { head: 'dataset', wraps: true },
  { head: 'version', wraps: true },
  { head: 'objects', drop: 1 },
  { head: 'read', drop: 2 },
  { head: 'problems' },
];

interface Verified {
  readonly dataset: string;
  readonly version: string;
  readonly objects: number;
  readonly bytes: number;
  readonly problems: readonly Problem[];
}

/**
 * One dataset, in any version, or the current versions of all. What is wrong is remembered, so that the next
 * import stores it again. Throws VERIFY_FAILED behind the result.
 */
export async function verify(named: string | undefined, context: CommandContext): Promise<void> {
  const { signal, result, width } = context;
  const environment = await commandEnvironment();
  const verified = await withPublished(environment, signal, async (published) => {
    const found: Verified[] = [];
    for (const handle of await handles(named, published)) {
      signal.throwIfAborted();
      found.push(await verifyOne(handle, published, context));
    }
    return found;
  });
  const problems = verified.flatMap((one) => one.problems);
  const rows = verified.map(({ dataset, version, objects, bytes, problems: { length } }) => [
    ...[dataset, version, objects, humanBytes(bytes)],
    length === 0 ? 'none' : length,
  ]);
  const text = [textTable(COLUMNS, rows, width), ...problems.map(problemText)].join('\n\n');
  result({ verified }, verified.length === 0 ? 'Nothing is published yet.' : text);
  if (problems.length === 0) return;
  const broken = [...new Set(problems.map(({ dataset }) => dataset))];
  throw new ImportError('VERIFY_FAILED', {
    place: broken.join(', '),
    found: problems.length === 1 ? 'one problem' : `${problems.length} problems`,
  });
}

async function handles(named: string | undefined, { catalog }: Published): Promise<Handle[]> {
  if (named !== undefined) return [parseHandle(named)];
  const datasets = await catalog.listDatasets();
  return datasets
    .filter(({ sourceVersion }) => sourceVersion !== undefined)
    .map(({ dataset }) => ({ dataset }));
}

async function verifyOne(
  handle: Handle,
  published: Published,
  context: CommandContext,
): Promise<Verified> {
  const { catalog, store } = published;
  const { signal } = context;
  const found = await findVersion(catalog, handle);
  const { dataset, version } = found;
  const onBytes = transferNote(dataset, version.parquetBytes, context);
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
  return { dataset, version: version.sourceVersion, objects, bytes, problems: all };
}

function problemText({ dataset, table, key, what, expected, found }: Problem): string {
  const name = table === undefined ? dataset : `${dataset}.${table}`;
  return `${name}: ${what}\n  object    ${key}\n  expected  ${expected}\n  found     ${found}`;
}
