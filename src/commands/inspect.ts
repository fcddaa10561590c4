/** `inspect`: how a file would be read and what would become of it; without a server, publishing nothing. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { firstRows } from '../convert/first-rows.js';
import { convertTable, unpack, type ConvertRequest } from '../convert/index.js';
import type { Decision } from '../convert/read/decision.js';
import { togetherOf, type Pins } from '../convert/pins-together.js';
import type { SkippedFile, TableDescription, TableSource } from '../convert/types.js';
import { ImportError } from '../errors/index.js';
import { humanBytes } from '../human.js';
import { commandEnvironment, type CommandContext } from './context.js';
import { findFiles, type InspectedFiles } from './inspect-files.js';
import { reportOf } from './inspect-report.js';
import { textTable } from './text-table.js';

/** Of rows that are shown. */
const MOST_ROWS = 5;

/** What is known of one table after its conversion. */
export interface Inspection {
  readonly description: TableDescription;
  readonly firstRows: readonly (readonly (string | null)[])[];
  /** Why an import would stop; it went on only to be shown. */
  readonly refused?: { readonly code: string; readonly message: string; readonly nextStep: string };
  /** Keys of the entry that settle what was guessed; empty when nothing was. */
  readonly pins: Pins;
}

export async function inspect(
  what: string,
  table: string | undefined,
  { signal, result }: CommandContext,
): Promise<void> {
  const environment = await commandEnvironment();
  const found = await findFiles(what, environment, signal);
  const workDirectory = await mkdtemp(join(tmpdir(), 'kaggle-import-inspect-'));
  try {
    const { settings, entry, files } = found;
    const { limits } = settings;
    const { tables, skipped } = await unpack({ files, workDirectory, entry, limits, signal });
    const chosen = choose(tables, table, what);
    if (!chosen)
      return result({ tables: tables.map(listed), skipped }, listOf(what, tables, skipped));
    const inspection = await inspectTable(chosen, found, {
      ...{ workDirectory, signal },
      isOneOfSeveral: tables.length > 1,
    });
    result({ ...jsonOf(inspection), skipped }, reportOf(inspection, found.entry, skipped));
  } finally {
    await rm(workDirectory, { recursive: true, force: true });
  }
}

/** Nothing when there are several and none is named. Throws USAGE when the named one is not among them. */
function choose(
  tables: readonly TableSource[],
  wanted: string | undefined,
  what: string,
): TableSource | undefined {
  if (wanted === undefined) return tables.length === 1 ? tables[0] : undefined;
  const one = tables.find(({ name, originalPath }) => wanted === name || wanted === originalPath);
  if (one) return one;
  throw new ImportError('USAGE', {
    expected: `one of the tables of ${what}: ${tables.map(({ name }) => name).join(', ')}`,
    found: JSON.stringify(wanted),
    nextStep: `Run \`kaggle-import inspect ${what}\` to see them.`,
  });
}

async function inspectTable(
  table: TableSource,
  { entry, settings }: InspectedFiles,
  request: Pick<ConvertRequest, 'isOneOfSeveral' | 'signal' | 'workDirectory'>,
): Promise<Inspection> {
  const { workDirectory, signal } = request;
  const convert = async (max_rejects: number): Promise<TableDescription> => {
    const { descriptionFile } = await convertTable({
      ...{ ...request, table, settings, metadata: {} },
      entry: { ...entry, checks: { ...entry.checks, max_rejects } },
    });
    return JSON.parse(
      await readFile(join(workDirectory, descriptionFile), 'utf8'),
    ) as TableDescription;
  };
  let refused: Inspection['refused'];
  const description = await convert(entry.checks.max_rejects).catch((error: unknown) => {
    if (!(error instanceof ImportError) || error.code !== 'TOO_MANY_REJECTS') throw error;
    const { code, message, nextStep } = error;
    refused = { code, message, nextStep };
    return convert(Number.MAX_SAFE_INTEGER);
  });
  const { result, columns } = description;
  const files = result.parts.map(({ file }) => join(workDirectory, file));
  return {
    description,
    firstRows: await firstRows({ files, columns, most: MOST_ROWS, signal }),
    ...(refused && { refused }),
    pins: pinsOf(description.decisions),
  };
}

/** What settles the guesses, all in one; a later one has the last word. */
function pinsOf(decisions: readonly Decision[]): Pins {
  let pins: Pins = {};
  for (const { certainty, leavesOut, pin } of decisions) {
    if (certainty === 'pinned' || (certainty !== 'guess' && !leavesOut)) continue;
    pins = togetherOf(pins, parse(pin) as Pins);
  }
  return pins;
}

function listed({ name, originalPath, format, sourceBytes }: TableSource): object {
  return { name, originalPath, format, bytes: sourceBytes };
}

function listOf(
  what: string,
  tables: readonly TableSource[],
  skipped: readonly SkippedFile[],
): string {
  const rows = tables.map(({ name, originalPath, format, sourceBytes }) => [
    ...[name, format, humanBytes(sourceBytes), originalPath],
  ]);
  const left = skipped.map(({ originalPath, reason }) => `skipped ${originalPath}: ${reason}`);
  const example = /^[\w./-]+$/.test(what) ? what : JSON.stringify(what);
  const next = `How one of them is read: kaggle-import inspect ${example} ${tables[0]?.name ?? ''}`;
  return [textTable(['table', 'format', 'size', 'file'], rows), ...left, '', next].join('\n');
}

function jsonOf({ description, firstRows: rows, refused, pins }: Inspection): object {
  const { table, result, columns, checks, dialect, decisions, byteLedger } = description;
  const { rows: count, rejects, sourceRecords, warnings } = result;
  return {
    table: listed(table),
    ...(refused && { refused }),
    decisions,
    dialect,
    byteLedger,
    records: { source: sourceRecords, rows: count, rejects },
    ...{ columns, checks, firstRows: rows, warnings, pins },
  };
}
