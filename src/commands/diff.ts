/** `diff`: two versions of a dataset side by side: columns, types, rows, nulls, ranges, classes of the target. */
import type { DescribedVersion } from '../catalog/index.js';
import { ImportError } from '../errors/index.js';
import {
  chooseVersion,
  diffVersions,
  findVersions,
  parseHandle,
  versionName,
  type ColumnDiff,
  type TableDiff,
} from '../published/index.js';
import { withCatalog } from './asked.js';
import { commandEnvironment, type CommandContext } from './context.js';
import { rowsText } from './rows.js';

/** Without versions: the current one, and the one that was published before it. */
export async function diff(
  named: string,
  [from, to]: readonly (string | undefined)[],
  { result, width }: CommandContext,
): Promise<void> {
  const { dataset } = parseHandle(named);
  const compared = await withCatalog(await commandEnvironment(), async (catalog) => {
    const versions = await findVersions(catalog, dataset);
    const after = chooseVersion(versions, dataset, to);
    const before =
      from === undefined
        ? olderOf(versions, after, dataset)
        : chooseVersion(versions, dataset, from);
    const tables = diffVersions(
      await catalog.describeTables(before.versionId),
      await catalog.describeTables(after.versionId),
      after.targetColumn,
    );
    return { before, after, tables };
  });
  const { before, after, tables } = compared;
  const data = { dataset, before: summary(before), after: summary(after), tables };
  result(data, [headline(dataset, before, after), ...tables.map(tableOf(width))].join('\n\n'));
}

function olderOf(
  versions: readonly DescribedVersion[],
  newer: DescribedVersion,
  dataset: string,
): DescribedVersion {
  const older = versions
    .slice(versions.indexOf(newer) + 1)
    .find(({ state }) => state === 'superseded' || state === 'current');
  if (older) return older;
  throw new ImportError('VERSION_UNKNOWN', {
    place: dataset,
    expected: 'two stored versions',
    found: `none older than ${newer.sourceVersion}`,
    nextStep: `See all of them with \`make versions NAME=${dataset}\`.`,
  });
}

function summary({ versionId, sourceVersion, prefix, publishedAt, rows }: DescribedVersion) {
  return { versionId, sourceVersion, prefix, publishedAt, rows };
}

function headline(dataset: string, before: DescribedVersion, after: DescribedVersion): string {
  const name = (version: DescribedVersion): string =>
    `${versionName(version)}${version.current ? ', which is current' : ''}`;
  return `${dataset}: from version ${name(before)} to ${name(after)}`;
}

const tableOf =
  (width: number | undefined) =>
  (table: TableDiff): string => {
    const { change, columns, classes } = table;
    const head = `table ${table.table}: ${change === 'same' ? 'the same bytes' : change}`;
    if (change === 'same') return head;
    const different = columns.filter((column) => column.change !== 'same');
    const same = columns.length - different.length;
    return [
      head,
      rowsText(
        {
          names: ['', 'before', 'after', 'difference'],
          rows: [
            numbers('rows', table.rows),
            numbers('rejects', table.rejects),
            ...classes.map((one) => numbers(`class ${one.value}`, one)),
          ],
        },
        width,
      ),
      ...(different.length > 0 ? [columnsText(different, width)] : []),
      ...(same > 0 ? [`${same} ${same === 1 ? 'column' : 'columns'} without a difference`] : []),
    ].join('\n\n');
  };

function columnsText(columns: readonly ColumnDiff[], width: number | undefined): string {
  const names = ['column', 'change', 'type', 'nulls', 'min', 'max'];
  const rows = columns.map(({ column, change, type, nulls, min, max }) => [
    column,
    change,
    sides(type),
    sides(nulls),
    sides(min),
    sides(max),
  ]);
  return rowsText({ names, rows }, width);
}

/** One value when both sides agree. */
function sides({
  before,
  after,
}: {
  before?: string | number | undefined;
  after?: string | number | undefined;
}): string {
  if (before === after) return String(after ?? '-');
  return `${before ?? '-'} → ${after ?? '-'}`;
}

function numbers(
  name: string,
  { before, after }: { before?: number | undefined; after?: number | undefined },
): string[] {
  const difference = (after ?? 0) - (before ?? 0);
  const signed = difference > 0 ? `+${difference}` : String(difference);
  return [name, String(before ?? '-'), String(after ?? '-'), signed];
}
