/** `verify`: reads what is stored again, and says what is not what was published. */
import { ImportError } from '../errors/index.js';
import { humanBytes } from '../human.js';
import type { DeeplyVerified } from '../publication/verify-deep.js';
import { verifyPublication, type Verified } from '../publication/verify-publication.js';
import {
  findVersion,
  parseHandle,
  withPublished,
  type Handle,
  type Problem,
  type Published,
} from '../published/index.js';
import { commandEnvironment, type CommandContext } from './context.js';
import { withDeepLook } from './verify-deep.js';
import { textTable, type Column } from './text-table.js';
import { transferNote } from './transfer-note.js';

const COLUMNS: readonly Column[] = [
  { head: 'dataset', wraps: true },
  { head: 'version', wraps: true },
  { head: 'objects', drop: 1 },
  { head: 'read', drop: 2 },
  { head: 'problems' },
];

/**
 * One dataset, in any version, or the current versions of all. What is wrong is remembered, so that the next
 * import stores it again. Throws VERIFY_FAILED behind the result.
 */
export async function verify(
  named: string | undefined,
  deep: boolean,
  context: CommandContext,
): Promise<void> {
  const { signal, result, width } = context;
  const environment = await commandEnvironment();
  const read = async (
    published: Published,
    look?: (verified: Verified) => Promise<DeeplyVerified>,
  ) => {
    const found: (Verified | DeeplyVerified)[] = [];
    for (const handle of await handles(named, published)) {
      signal.throwIfAborted();
      const onBytes = await noteOf(handle, published, context);
      const verified = await verifyPublication(handle, published, { signal, onBytes });
      found.push(look ? await look(verified) : verified);
    }
    return found;
  };
  const verified = await withPublished(environment, signal, (published) =>
    deep
      ? withDeepLook(environment, published, signal, (look) => read(published, look))
      : read(published),
  );
  const problems = verified.flatMap((one) => one.problems);
  const rows = verified.map(({ dataset, version, objects, bytes, problems: { length } }) => [
    ...[dataset, version, objects, humanBytes(bytes)],
    length === 0 ? 'none' : length,
  ]);
  const looks = verified.flatMap(deepText);
  const text = [textTable(COLUMNS, rows, width), ...looks, ...problems.map(problemText)].join(
    '\n\n',
  );
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

function deepText(verified: Verified | DeeplyVerified): string[] {
  if (!('compared' in verified)) return [];
  const { dataset, compared, repaired, skipped } = verified;
  const name = (table?: string) => (table === undefined ? dataset : `${dataset}.${table}`);
  return [
    ...(compared.length > 0
      ? [`Converted again, the same cells: ${compared.map(name).join(', ')}.`]
      : []),
    ...repaired.map((key) => `Put back from the cache: ${key}`),
    ...skipped.map(({ table, reason }) => `Not converted again: ${name(table)}: ${reason}.`),
  ];
}

async function noteOf(handle: Handle, { catalog }: Published, context: CommandContext) {
  const { dataset, version } = await findVersion(catalog, handle);
  return transferNote(dataset, version.parquetBytes, context);
}

function problemText({ dataset, table, key, what, expected, found }: Problem): string {
  const name = table === undefined ? dataset : `${dataset}.${table}`;
  return `${name}: ${what}\n  object    ${key}\n  expected  ${expected}\n  found     ${found}`;
}
