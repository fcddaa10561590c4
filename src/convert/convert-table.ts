/** One table from its source file to proven Parquet: read, count, prove, write, compare, describe. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetEntry, Settings } from '../config/datasets.js';
import { ImportError } from '../errors/index.js';
import { icebergNotes } from '../iceberg/notes.js';
import { describeColumns } from './describe/describe-columns.js';
import { describedColumns, descriptionMetadata } from './describe/described.js';
import { maskedDecision, maskedDialect } from './describe/masked-reading.js';
import { fitThreads, requireRoom, withEngine } from './engine.js';
import { openFormat } from './read/open-format.js';
import { openSeveral } from './read/several-files.js';
import { withoutPersons } from './describe/part-statistics.js';
import { personalColumns } from './describe/personal-columns.js';
import { reporter, type ConvertProgress } from './progress.js';
import { entryFor, pinForFile } from './unpack/file-patterns.js';
import { openTextTable } from './read/text/open-text.js';
import { warningsOf } from './read/warnings.js';
import type { OpenRelation, TextRelation } from './relation.js';
import { boundRejects, writeRejects } from './rejects.js';
import type { CheckResult, ConvertedTable, TableDescription, TableSource } from './types.js';
import { sealParts } from './write/parquet.js';
import { portable } from './write/portable.js';
import { writeProven, type ProvenParquet } from './write/proven.js';
import { checkWitnesses } from './write/witnesses.js';

export interface ConvertRequest {
  readonly table: TableSource;
  /** Absolute. */
  readonly workDirectory: string;
  readonly entry: DatasetEntry;
  readonly settings: Settings;
  /** Of a dataset with others: the target may be in another one, and what is pinned for all is for them, too. */
  readonly isOneOfSeveral?: boolean;
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
 * ENCODING_UNDECODABLE, RECORD_TOO_LONG, FORMAT_UNREADABLE, CONVERSION_FAILED.
 */
export async function convertTable(request: ConvertRequest): Promise<ConvertedTable> {
  const { table, workDirectory, signal, settings } = request;
  const scratchDirectory = join(workDirectory, 'scratch', table.name);
  const report = reporter(table.sourceBytes, signal, request.onProgress);
  try {
    await mkdir(scratchDirectory, { recursive: true });
    return await withEngine(
      {
        memoryLimitBytes: settings.memory_limit,
        temporaryDirectory: join(scratchDirectory, 'spill'),
        signal,
        place: table.originalPath,
        onPercent: report.percent,
      },
      (connection) => convert(connection, request, scratchDirectory, report),
    );
  } catch (error) {
    await Promise.all(outputs(request).map((path) => rm(path, { recursive: true, force: true })));
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
): Promise<ConvertedTable> {
  const { table, workDirectory, settings, signal, isOneOfSeveral = false } = request;
  const entry = entryFor(request.entry, table.originalPath);
  const pinFor = (pin: string): string =>
    isOneOfSeveral ? pinForFile(pin, table.originalPath) : pin;
  const place = table.originalPath;
  const file = join(workDirectory, table.file);
  const openOne = table.format === 'csv' ? openTextTable : openFormat;
  const { members } = table;
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
  const opened = await open({
    connection,
    table,
    file,
    scratchDirectory,
    entry,
    pinFor,
    signal,
    onRead: report.read,
  });
  const texts = opened.columns.filter(({ typed }) => typed === undefined);
  requireRoom(texts.length, settings.memory_limit, place);
  const relation = settings.parquet === 'compact' ? opened : await portable(connection, opened);
  report.read(table.sourceBytes, relation.sourceRecords);
  await boundRejects(
    relation,
    entry,
    place,
    async () => (await personalColumns(connection, relation.sql, relation.columns)).size > 0,
  );
  // Several files side by side would be written as they come.
  if (members) await connection.run('SET threads = 1');
  else await fitThreads(connection, relation.columns.length);

  const metadata = { ...request.metadata, ...descriptionMetadata(table, relation.columns) };
  const common = { workDirectory, entry, settings, metadata, signal };
  const written = await writeProven(connection, relation, {
    ...{ ...common, base: `parquet/${table.name}`, place },
    onPhase: report.phase,
  });
  const rows = balance(relation, written, place);
  await checkWitnesses(connection, relation, written, { workDirectory, place });
  const rejectsPart =
    relation.rejects.count > 0
      ? await writeRejects(connection, relation.rejects.file, {
          ...common,
          base: `rejects/${table.name}`,
        })
      : undefined;

  report.phase('profiling');
  const sealing = sealParts(written.parts, common);
  const describing = describeColumns(connection, written, {
    ...{ workDirectory, entry, rows },
    targetRequired: !isOneOfSeveral,
  });
  // Both have ended before the engine is closed, whatever becomes of them: a query that runs on would crash.
  await Promise.allSettled([sealing, describing]);
  const [parts, { columns, checks, ...described }] = [await sealing, await describing];
  const isPersonal = columns.some(({ personalData }) => personalData !== undefined);
  const all = [...relation.decisions, ...described.decisions];
  const decisions = (isPersonal ? all.map(maskedDecision) : all).map((one) => ({
    ...one,
    pin: pinFor(one.pin),
  }));
  const { name, originalPath, sourceBytes } = table;
  const descriptionFile = `descriptions/${name}.json`;
  const result = {
    ...{ name, originalPath, parts, sourceBytes, rows },
    ...(rejectsPart && { rejectsPart }),
    sourceRecords: relation.sourceRecords,
    rejects: relation.rejects.count,
    columns: columns.length,
    warnings: [
      ...(table.remark === undefined ? [] : [table.remark]),
      ...warningsOf(decisions),
      ...relation.warnings,
      ...findings(checks, relation.rejects.count),
      ...(settings.iceberg?.enabled ? await icebergNotes(columns) : []),
    ],
  };
  const description: TableDescription = {
    table,
    result,
    columns: describedColumns(table, columns),
    checks,
    dialect: isPersonal ? maskedDialect(relation.dialect) : relation.dialect,
    decisions,
    ...(relation.byteLedger && { byteLedger: relation.byteLedger }),
    partStatistics: written.partStatistics.map((part) => withoutPersons(part, columns)),
  };
  await writeDescription(join(workDirectory, descriptionFile), description);
  return { ...result, descriptionFile };
}

/** The ledger: what the source holds, what the proof read and what the Parquet holds must agree. */
function balance(
  { sourceRecords, rejects: { count: rejectCount } }: TextRelation,
  { proven, parts, statistics }: ProvenParquet,
  place: string,
): number {
  const written = parts.reduce((sum, { rows }) => sum + rows, 0);
  if (written + rejectCount !== sourceRecords || proven.rows !== written) {
    throw new ImportError('LEDGER_MISMATCH', {
      place,
      expected: `${sourceRecords} source records = rows + ${rejectCount} rejects`,
      found: `${proven.rows} rows read and ${written} rows written`,
    });
  }
  for (const { column, proof } of proven.columns) {
    if (column.typed !== undefined) continue;
    const cells = written - statistics.get(column.name)!.nulls;
    if (cells === proof.checkedCells) continue;
    throw new ImportError('LEDGER_MISMATCH', {
      place: `${place}, column ${column.originalName}`,
      expected: `${proof.checkedCells} proven cells`,
      found: `${cells} written cells`,
    });
  }
  return written;
}

function findings(checks: readonly CheckResult[], rejects: number): string[] {
  const failed = checks.filter(({ passed }) => !passed).map(({ message }) => message);
  return rejects > 0 ? [...failed, `${rejects} records are no rows and are kept aside`] : failed;
}

async function writeDescription(file: string, description: TableDescription): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.tmp`, JSON.stringify(description));
  await rename(`${file}.tmp`, file);
}

function outputs({ workDirectory, table: { name } }: ConvertRequest): string[] {
  return [
    join(workDirectory, 'parquet', `${name}.parquet`),
    join(workDirectory, 'parquet', `${name}.parquet.tmp`),
    join(workDirectory, 'parquet', name),
    join(workDirectory, 'rejects', `${name}.parquet`),
    join(workDirectory, 'rejects', `${name}.parquet.tmp`),
    join(workDirectory, 'descriptions', `${name}.json`),
  ];
}
