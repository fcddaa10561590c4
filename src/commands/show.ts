/** `show`: what is known of a published dataset or of one of its tables. */
import {
  openCatalog,
  type DescribedTable,
  type DescribedVersion,
  type KeptRow,
} from '../catalog/index.js';
import type { Appended, ColumnDescription } from '../convert/types.js';
import { chooseTable, findVersion, parseHandle } from '../published/index.js';
import { databaseUrl } from '../config/database.js';
import { humanBytes, humanCount } from '../human.js';
import { appendedText } from './appended-text.js';
import { commandEnvironment, type CommandContext } from './context.js';
import { rowsText } from './rows.js';

export async function show(named: string, { result }: CommandContext): Promise<void> {
  const handle = parseHandle(named);
  const catalog = openCatalog(databaseUrl(await commandEnvironment()));
  try {
    const { dataset, version, tables } = await findVersion(catalog, handle);
    const shown =
      handle.table === undefined && tables.length !== 1 ? tables : [chooseTable(tables, handle)];
    const isWhole = handle.table === undefined;
    const kept = isWhole ? await catalog.keptOf(version.versionId, SHOWN_FILES) : [];
    const texts = [
      versionText(dataset, version),
      ...(kept[0] ? [keptText(kept, kept[0])] : []),
      ...shown.map((table) => tableText(table, version)),
    ];
    const data = { dataset, version, tables: shown, ...(kept[0] && keptData(kept, kept[0])) };
    result(data, texts.join('\n\n'));
  } finally {
    await catalog.close();
  }
}

function versionText(dataset: string, version: DescribedVersion): string {
  const { sourceVersion, current, sourceKind, sourceReference, publishedAt, citation } = version;
  const { title, description, targetColumn, prefix, rows, parquetBytes } = version;
  const { licence = 'unknown', spdx, keywords } = version;
  return facts([
    ['dataset', dataset],
    ['title', title],
    ['about', description && shortened(description)],
    ['keywords', keywords.length > 0 ? keywords.join(', ') : undefined],
    ['version', `${sourceVersion}${current ? ', current' : ', superseded'}`],
    ['source', `${sourceKind}:${sourceReference}`],
    ['licence', spdx === undefined || spdx === licence ? licence : `${licence} (${spdx})`],
    ['cite as', citation],
    ['published', publishedAt],
    ['target', targetColumn],
    ['size', `${rows.toLocaleString('en')} rows, ${humanBytes(parquetBytes)} of Parquet`],
    ['objects', prefix],
  ]);
}

/** `--json` has as many. */
const SHOWN_FILES = 20;

function keptData(files: readonly KeptRow[], { count, allBytes }: KeptRow) {
  const first = files.map(({ count: _count, allBytes: _bytes, ...file }) => file);
  return { kept: { files: count, bytes: allBytes, first } };
}

/** Files that are no tables, where they are stored, or that they are only listed. */
function keptText(files: readonly KeptRow[], { count, allBytes }: KeptRow): string {
  const more = count - files.length;
  return [
    `files as they are: ${humanCount(count)}, ${humanBytes(allBytes)}`,
    ...files.map(
      ({ path, bytes, key }) => `  ${path}  ${humanBytes(bytes)}  ${key ?? 'listed only'}`,
    ),
    ...(more > 0 ? [`  ... and ${humanCount(more)} more`] : []),
  ].join('\n');
}

/** Of a table that grows a part a day, one sees the last ones. */
const SHOWN_KEYS = 5;

function tableText(table: DescribedTable, { prefix }: DescribedVersion): string {
  const { name, originalPath, description, format, rows, rejects, parts, warnings } = table;
  const { columns, dialect } = table;
  const appended = dialect['append'] as Appended | undefined;
  const isOfVersion = parts.some(({ key }) => key.startsWith(`${prefix}/`));
  const keys = parts.slice(-SHOWN_KEYS);
  const about = facts([
    ['table', name],
    ['from', `${originalPath} (${format})`],
    ['about', description && shortened(description)],
    ['rows', rejects > 0 ? `${rows.toLocaleString('en')}, and ${rejects} rejects` : rows],
    ['appended', appended && isOfVersion ? appendedText(appended) : undefined],
    ['keys', parts.length > keys.length ? `${parts.length}, the last of them:` : undefined],
    ...keys.map(({ key }): Fact => ['key', key]),
    ...warnings.map((text): Fact => ['warning', text]),
  ]);
  const described = columns.some((column) => column.description !== undefined);
  const names = ['column', 'type', 'proof', 'nulls', 'min', 'max', 'personal'];
  if (described) names.push('about');
  return `${about}\n\n${rowsText({ names, rows: columns.map((column) => columnRow(column, described)) }, process.stdout.columns)}`;
}

function columnRow(column: ColumnDescription, described: boolean) {
  const { name, type, proof, stats, personalData, description = '' } = column;
  const stat = (key: string): string | null => {
    const value = stats[key];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  };
  return [
    ...[name, type, proof.rule, stat('nullCount')],
    ...[stat('min'), stat('max'), personalData ?? ''],
    ...(described ? [description] : []),
  ];
}

/** Some are pages long; `--json` has all of it. */
function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= MOST_CHARACTERS ? line : `${line.slice(0, MOST_CHARACTERS - 1)}…`;
}

type Fact = readonly [string, string | number | undefined];

const NAME_WIDTH = 10;
const MOST_CHARACTERS = 300;

function facts(found: readonly Fact[]): string {
  return found
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name.padEnd(NAME_WIDTH)}${value}`)
    .join('\n');
}
