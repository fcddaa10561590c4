/** `versions`: every version of a dataset that was ever published, and whether it is still there. */
import type { DescribedVersion } from '../catalog/index.js';
import { humanBytes, inUtc } from '../human.js';
import { driftText } from '../published/drift.js';
import { findVersions, parseHandle, versionFolder, versionName } from '../published/index.js';
import { appendedText } from './appended-text.js';
import { withCatalog } from './asked.js';
import { commandEnvironment, type CommandContext } from './context.js';
import { textTable, type Column } from './text-table.js';

const COLUMNS: readonly Column[] = [
  { head: 'version', wraps: true },
  { head: 'published' },
  { head: 'rows' },
  { head: 'rejects', drop: 2 },
  { head: 'size', drop: 3 },
  { head: 'state' },
  { head: 'folder', drop: 1, wraps: true },
];

export async function versions(named: string, { result, width }: CommandContext): Promise<void> {
  const { dataset } = parseHandle(named);
  const found = await withCatalog(await commandEnvironment(), (catalog) =>
    findVersions(catalog, dataset),
  );
  const shown = found.map((version) => ({ ...version, folder: versionFolder(version.prefix) }));
  const rows = shown.map((version) => [
    version.sourceVersion,
    inUtc(version.publishedAt),
    version.rows,
    version.rejects,
    humanBytes(version.parquetBytes),
    stateOf(version),
    version.folder,
  ]);
  const appended = found.flatMap(appendedLines).join('\n');
  const text = [
    textTable(COLUMNS, rows, width),
    ...(appended === '' ? [] : [appended]),
    ...heldText(dataset, found),
  ].join('\n\n');
  result({ dataset, versions: shown }, text);
}

function appendedLines({ sourceVersion, appended }: DescribedVersion): string[] {
  return appended.map(
    ({ table, ...files }) => `Version ${sourceVersion}: ${table}: ${appendedText(files)}`,
  );
}

/** Why a version is held, and how to decide. */
function heldText(dataset: string, versions: readonly DescribedVersion[]): string[] {
  const held = versions.find(({ state }) => state === 'held');
  if (!held) return [];
  const current = versions.find((version) => version.current);
  const [old, now] = [current, held].map((version) => version && versionFolder(version.prefix));
  return [
    [
      `Version ${versionName(held)} is held: it is not current until somebody approves it.`,
      ...held.drift.map((finding) => `  ${driftText(finding)}`),
      `Compare: kaggle-import diff ${dataset} ${old} ${now}`,
      `Decide:  kaggle-import approve ${dataset} ${now}, or reject`,
    ].join('\n'),
  ];
}

function stateOf({ state, rolledBackAt }: DescribedVersion): string {
  return state === 'superseded' && rolledBackAt !== undefined ? 'rolled back' : state;
}
