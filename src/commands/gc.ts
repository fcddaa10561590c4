/** `gc`: what old versions and lost objects would be removed; `--apply` removes them. */
import { configFile } from '../config/environment.js';
import { loadDatasetsConfig } from '../config/load.js';
import { humanBytes, humanCount, inUtc } from '../human.js';
import { collectGarbage, findGarbage, gcSettings, type Garbage } from '../publication/gc.js';
import type { ListedObject } from '../store/index.js';
import { commandEnvironment, type CommandContext } from './context.js';
import { withOwnStore } from './own-store.js';
import { textTable, type Column } from './text-table.js';

const COLUMNS: readonly Column[] = [
  { head: 'dataset', wraps: true },
  { head: 'version', wraps: true },
  { head: 'superseded' },
  { head: 'objects' },
  { head: 'size' },
];

export async function gc(apply: boolean, { signal, result, width }: CommandContext): Promise<void> {
  const environment = await commandEnvironment();
  const { settings } = await loadDatasetsConfig(configFile(environment));
  const keep = gcSettings(settings);
  const garbage = await withOwnStore(environment, signal, (own) =>
    apply
      ? collectGarbage({ ...own, iceberg: settings.iceberg }, keep, signal)
      : findGarbage(own, keep, signal),
  );
  const data = { applied: apply, ...keep, ...garbage };
  result(data, [...tableOf(garbage, width), ...totals(garbage, apply)].join('\n'));
}

function tableOf({ versions }: Garbage, width: number | undefined): string[] {
  if (versions.length === 0) return [];
  const rows = versions.map(({ dataset, sourceVersion, supersededAt, objects }) => [
    ...[dataset, sourceVersion, inUtc(supersededAt)],
    ...[objects.length, humanBytes(bytesOf(objects))],
  ]);
  return [textTable(COLUMNS, rows, width), ''];
}

function totals({ versions, orphans, foreign }: Garbage, apply: boolean): string[] {
  const objects = [...versions.flatMap((version) => version.objects), ...orphans];
  const lost = orphans.length > 0 ? ` (${counted(orphans.length, 'object')} of no version)` : '';
  const what = `${counted(versions.length, 'version')}, ${counted(objects.length, 'object')}${lost}, ${humanBytes(bytesOf(objects))}`;
  const left = `${counted(foreign.length, 'object')} of datasets that this catalog has never imported: left alone.`;
  const hint = apply || objects.length + versions.length === 0 ? [] : ['`gc --apply` removes it.'];
  return [
    `${apply ? 'Removed' : 'To be removed'}: ${what}.`,
    ...(foreign.length > 0 ? [left] : []),
    ...hint,
  ];
}

function counted(count: number, what: string): string {
  return `${humanCount(count)} ${what}${count === 1 ? '' : 's'}`;
}

function bytesOf(objects: readonly ListedObject[]): number {
  return objects.reduce((sum, { bytes }) => sum + bytes, 0);
}
