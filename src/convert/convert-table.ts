/** One table from its source file to proven Parquet: read, count, prove, write, compare, describe. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetEntry, Settings } from '../config/datasets.js';
import { icebergNotes } from '../iceberg/notes.js';
import { metadataOf, rowsAhead } from './ahead.js';
import { balance } from './balance.js';
import { describeColumns } from './describe/describe-columns.js';
import { columnDescriptions, describedColumns } from './describe/described.js';
import { maskedDecision, maskedDialect } from './describe/masked-reading.js';
import { fitThreads, requireRoom, SMALL_BYTES, withEngine } from './engine.js';
import { findings, grownReading, withoutRepeated } from './grow/grown-reading.js';
import {
  emptyBefore,
  inOrderOf,
  proofsOf,
  requireTypes,
  type HeldColumn,
} from './grow/held-columns.js';
import { growthNotes } from './grow/repeated-keys.js';
import { keptParts, wholeRejects, wholeTable, type KeptGrowth } from './grow/whole-table.js';
import {
  descriptionOf,
  parquetBase,
  rejectsBase,
  removeOutputs,
  writeDescription,
} from './outputs.js';
import { openFormat } from './read/open-format.js';
import { openSeveral } from './read/several-files.js';
import { withoutPersons } from './describe/part-statistics.js';
import { personalColumns } from './describe/personal-columns.js';
import { bytesToRead, reporter, type ConvertProgress } from './progress.js';
import { entryFor } from './unpack/file-patterns.js';
import { pinBeside } from './pins-together.js';
import { openTextTable } from './read/text/open-text.js';
import { warningsOf } from './read/warnings.js';
import type { OpenRelation } from './relation.js';
import { boundRejects } from './rejects.js';
import type { ConvertedTable, TableDescription, TableSource } from './types.js';
import type { RowsAhead } from './write/copy.js';
import { sealParts } from './write/parquet.js';
import { portable } from './write/portable.js';
import { writeProven } from './write/proven.js';
import { checkWitnesses } from './write/witnesses.js';

export interface ConvertRequest {
  readonly table: TableSource;
  /** Absolute. */
  readonly workDirectory: string;
  readonly entry: DatasetEntry;
  readonly settings: Settings;
  /** Of a dataset with others: the target may be in another one, and what is pinned for all is for them, too. */
  readonly isOneOfSeveral?: boolean;
  /** Columns of an older version, whose types its new files must have. */
  readonly held?: readonly HeldColumn[];
  /** Only the new files are converted; what the older version has of the table is kept, and described with them. */
  readonly growth?: KeptGrowth;
  /** Goes into the Parquet as key-value metadata. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ConvertProgress) => void;
}

/**
 * Writes `parquet/<table>.parquet` (or parts), `rejects/<table>.parquet` when there are any, and
 * `descriptions/<table>.json` below the work directory. Running it again writes the same files; a failure or
 * an abort leaves none of them.
 * Throws TOO_MANY_COLUMNS, TOO_MANY_REJECTS, LEDGER_MISMATCH, PINNED_TYPE_MISMATCH, CHECK_FAILED,
 * ENCODING_UNDECODABLE, RECORD_TOO_LONG, FORMAT_UNREADABLE, CONVERSION_FAILED; NotAppendable where columns are not
 * those that are `held`.
 */
export async function convertTable(request: ConvertRequest): Promise<ConvertedTable> {
  const { table, workDirectory, signal, settings } = request;
  const scratchDirectory = join(workDirectory, 'scratch', table.name);
  const sourceBytes = bytesToRead(request);
  const isSmall = sourceBytes <= SMALL_BYTES;
  const report = reporter(sourceBytes, signal, request.onProgress);
  try {
    await mkdir(scratchDirectory, { recursive: true });
    return await withEngine(
      {
        memoryLimitBytes: settings.memory_limit,
        temporaryDirectory: join(scratchDirectory, 'spill'),
        signal,
        ...(isSmall && { threads: 1 }),
        place: table.originalPath,
        // Text grows to no more than a few times as much; what is packed may.
        isShared: isSmall && table.format === 'csv',
        onPercent: report.percent,
      },
      async (connection, connect) => {
        const ahead = await rowsAhead(request, connect);
        try {
          return await convert(connection, request, scratchDirectory, report, ahead);
        } finally {
          await ahead?.end();
        }
      },
    );
  } catch (error) {
    await removeOutputs(workDirectory, table.name);
    throw error;
  } finally {
    await rm(scratchDirectory, { recursive: true, force: true });
  }
}

async function convert(
  connection: DuckDBConnection,
  request: ConvertRequest,
  scratchDirectory: string,
  report: ReturnType<typeof reporter>,
  ahead: RowsAhead | undefined,
): Promise<ConvertedTable> {
  const { table, workDirectory, settings, signal, isOneOfSeveral = false, growth } = request;
  const held = request.held ?? growth?.before.columns;
  const entry = entryFor(request.entry, table.originalPath);
  const pinFor = (pin: string): string =>
    pinBeside(pin, request.entry, isOneOfSeveral ? table.originalPath : undefined);
  const place = table.originalPath;
  const file = join(workDirectory, table.file);
  const openOne = table.format === 'csv' ? openTextTable : openFormat;
  const members = growth?.members ?? table.members;
  const open: OpenRelation = members
    ? (context) =>
        openSeveral(context, {
          members,
          fileOf: (member) => join(workDirectory, member.file),
          openMember: (member) => (own) =>
            openOne({ ...own, entry: entryFor(request.entry, member.originalPath) }),
          fileColumn: entry.tables?.[table.name]?.file_column,
        })
    : openOne;
  const found = await open({
    connection,
    table,
    file,
    scratchDirectory,
    entry,
    ...{ pinFor, signal },
    requireColumns: (columns) => requireRoom(columns, settings.memory_limit, place),
    onRead: report.read,
    arrived: ahead?.reading?.(),
    onLikely: (likely) => (likely ? ahead?.begin?.(likely) : void ahead?.end()),
  });
  const opened = held ? inOrderOf(held, found) : found;
  const texts = opened.columns.filter(({ typed }) => typed === undefined);
  requireRoom(texts.length, settings.memory_limit, place);
  const relation = settings.parquet === 'compact' ? opened : await portable(connection, opened);
  report.read(bytesToRead(request), relation.sourceRecords);
  await boundRejects(
    relation,
    entry,
    place,
    async () => (await personalColumns(connection, relation.sql, relation.columns)).size > 0,
  );
  // Several files side by side would be written as they come.
  if (members) await connection.run('SET threads = 1');
  else await fitThreads(connection, relation.columns.length);

  const known = { ...table, columnDescriptions: columnDescriptions(table, relation) };
  const metadata = metadataOf({ ...request, table: known }, relation.columns);
  const common = { workDirectory, entry, settings, metadata, signal };
  const written = await writeProven(connection, relation, {
    ...{ ...common, base: parquetBase(table.name), place, ahead },
    onPhase: report.phase,
    ...(held && { held: proofsOf(held) }),
  });
  if (held) requireTypes(written.proven, held);
  const rowsRead = balance(relation, written, place);
  await checkWitnesses(connection, relation, written, { workDirectory, place });
  const whole = growth
    ? await wholeTable(connection, written, growth, { workDirectory, place })
    : written;
  const { rows } = whole.proven;
  const rejects = relation.rejects.count + (growth?.before.rejects ?? 0);
  const rejectsPart = await wholeRejects(connection, relation.rejects, growth, {
    ...{ ...common, base: rejectsBase(table.name) },
  });

  report.phase('profiling');
  const sealing = sealParts(written.parts, common);
  const describing = describeColumns(connection, whole, {
    ...{ workDirectory, entry, rows },
    targetRequired: !isOneOfSeveral,
  });
  // Both have ended before the engine is closed, whatever becomes of them: a query that runs on would crash.
  await Promise.allSettled([sealing, describing]);
  const [parts, { columns, checks, ...described }] = [await sealing, await describing];
  const kept = growth ? keptParts(growth) : [];
  const paths = (some: readonly { file: string }[]) =>
    some.map((part) => join(workDirectory, part.file));
  const append = entry.tables?.[table.name]?.append;
  const notes = append
    ? await growthNotes(
        { connection, kept: paths(kept), added: paths(parts), columns, place },
        append,
      )
    : [];
  const ofNew = { dialect: relation.dialect, byteLedger: relation.byteLedger };
  const reading = growth && (await grownReading(growth, relation, rowsRead, notes));
  const { dialect, byteLedger } = reading ?? ofNew;
  const isPersonal = columns.some(({ personalData }) => personalData !== undefined);
  const decided = [...relation.decisions, ...described.decisions];
  const all = withoutRepeated([
    ...decided.map((one) => ({ ...one, pin: pinFor(one.pin) })),
    ...(reading?.decisions ?? []),
  ]);
  const decisions = isPersonal ? all.map(maskedDecision) : all;
  const { name, originalPath, sourceBytes } = table;
  const result = {
    ...{ name, originalPath, sourceBytes, rows, rejects, parts: [...kept, ...parts] },
    ...(rejectsPart && { rejectsPart }),
    sourceRecords: rows + rejects,
    columns: columns.length,
    warnings: [
      ...new Set([
        ...(table.remark === undefined ? [] : [table.remark]),
        ...notes,
        ...(growth ? emptyBefore(written.proven, growth.before.columns) : []),
        ...warningsOf(decisions),
        ...relation.warnings,
        ...(reading?.warnings ?? []),
        ...findings(checks, rejects),
        ...(settings.iceberg?.enabled ? await icebergNotes(columns) : []),
      ]),
    ],
    ...(growth && {
      appended: { files: growth.members.length, rows: rowsRead, to: growth.version },
    }),
  };
  const description: TableDescription = {
    table,
    result,
    ...(growth && {
      grownFrom: { versionId: growth.versionId, prefix: growth.prefix, version: growth.version },
    }),
    columns: describedColumns(known, columns),
    checks,
    dialect: isPersonal ? maskedDialect(dialect) : dialect,
    decisions,
    ...(byteLedger && { byteLedger }),
    partStatistics: whole.partStatistics.map((part) => withoutPersons(part, columns)),
  };
  await writeDescription(workDirectory, description);
  // An import carries no list of what it has not made.
  return { ...result, parts, descriptionFile: descriptionOf(name) };
}
