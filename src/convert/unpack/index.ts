/** From downloaded files to a list of tables on disk; archives opened, hostile ones refused. */
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { CachedFile } from '../../cache/types.js';
import type { DatasetEntry, Settings } from '../../config/datasets.js';
import { ImportError } from '../../errors/index.js';
import type { SkippedFile, TableFormat, TableSource } from '../types.js';
import { UnpackBudget } from './budget.js';
import type { TakeRoom } from './member.js';
import { FailedFiles } from './failed-files.js';
import { filePatterns, NOT_WANTED } from './file-patterns.js';
import { tablesInside } from './inside.js';
import { pinnedUnions, suggestedUnions, type LikeFiles } from './like-files.js';
import { readSkipped, skippedFileOf, writeSkipped } from './skipped-files.js';
import { originalPath, uniqueTableNames, type TablePlace } from './table-name.js';
import { tableKind } from './table-kind.js';
import { Unpacker, type UnpackedFile } from './unpacker.js';

export interface UnpackRequest {
  readonly files: readonly CachedFile[];
  /** The import's own folder; everything is written below `<workDirectory>/unpacked/`. */
  readonly workDirectory: string;
  readonly entry: DatasetEntry;
  readonly limits: Settings['limits'];
  readonly signal: AbortSignal;
  /** Before so many bytes are written; the answer says that they are. Absent: there is room for all. */
  readonly room?: TakeRoom;
  /** `bytes` unpacked so far, all files together. */
  readonly onProgress?: (progress: { bytes: number; file?: string }) => void;
}

export interface UnpackResult {
  readonly tables: TableSource[];
  readonly skipped: SkippedFile[];
}

/** Of what `unpacked.json` says of a table: what an older worker has left is made anew. */
const REVISION = 4;

/**
 * Finds every table of a dataset, through archives within archives, and puts it on disk.
 * `unpacked.json` in the work directory marks completion: a second call returns it, with `skipped.ndjson` beside it;
 * a killed call starts over.
 * @throws ARCHIVE_UNSAFE, ARCHIVE_TOO_LARGE, ARCHIVE_DAMAGED, ARCHIVE_ENCRYPTED, ARCHIVE_EMPTY,
 *   ARCHIVE_UNSUPPORTED, NO_TABLES, FORMAT_UNREADABLE
 */
export async function unpack(request: UnpackRequest): Promise<UnpackResult> {
  const { workDirectory, files, entry } = request;
  const marker = join(workDirectory, 'unpacked.json');
  const key = digestOf(
    JSON.stringify([
      REVISION,
      files.map(({ path, sha256 }) => [path, sha256]),
      entry.files ?? null,
      entry.tables ?? null,
      entry.sheets ?? null,
    ]),
  );
  const before = await readMarker(marker, workDirectory);
  if (before?.key === key)
    return { tables: before.tables, skipped: await skippedBefore(workDirectory) };

  const folder = join(workDirectory, 'unpacked');
  await rm(marker, { force: true });
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  try {
    const result = await findTables(request, folder);
    await writeSkipped(workDirectory, result.skipped);
    await writeFile(`${marker}.tmp`, JSON.stringify({ key, tables: result.tables }));
    await rename(`${marker}.tmp`, marker);
    return result;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

interface FoundTable extends TablePlace {
  readonly file: UnpackedFile;
  readonly format: TableFormat;
  readonly remark?: string;
}

async function findTables(request: UnpackRequest, folder: string): Promise<UnpackResult> {
  const { files, entry, limits, signal, onProgress, workDirectory, room } = request;
  const patterns = filePatterns(entry.files);
  const budget = new UnpackBudget(limits, files);
  const skipped: SkippedFile[] = [];
  const failures = new FailedFiles(entry.on_table_failure, skipped);
  const unpacker = new Unpacker({
    ...{ folder, budget, patterns, failures, skipped, signal },
    ...(room && { room }),
    onProgress: onProgress ?? (() => undefined),
  });
  await unpacker.addAll(files);

  const found: FoundTable[] = [];
  const skip = (originalPath: string, bytes: number, reason: string, keeps?: true): void => {
    skipped.push({ originalPath, bytes, reason, ...(keeps && { keeps }) });
  };
  const look = async (file: UnpackedFile): Promise<void> => {
    const kind = await tableKind(file.path, file.absolutePath, patterns.formatOf(file.path));
    if ('reason' in kind) {
      await rm(file.absolutePath);
      return skip(file.path, file.bytes, kind.reason, true);
    }
    const { path } = file;
    const { format } = kind;
    const remark = [file.remark, kind.remark].filter((text) => text !== undefined).join('; ');
    const table = { file, path, format, ...(remark !== '' && { remark }) };
    const inside = await tablesInside(file, format, budget, entry.sheets);
    if (!inside) found.push(table);
    else if (inside.length === 0) skip(path, file.bytes, 'not tabular: it holds no table');
    for (const { name, reason, onRequest } of inside ?? []) {
      const whole = originalPath({ path, inside: name });
      const isAsked = onRequest === true && patterns.asksFor(whole);
      if (reason !== undefined && !isAsked) skip(whole, 0, reason);
      else if (!patterns.wantsInside(path, whole)) skip(whole, 0, NOT_WANTED);
      else found.push({ ...table, inside: name });
    }
  };
  for (const file of unpacker.files) {
    signal.throwIfAborted();
    await failures.attempt(file.path, file.bytes, () => look(file));
  }
  const isKept = entry.keep_files !== 'none' && skipped.some(({ keeps }) => keeps);
  if (found.length === 0 && !isKept) throw failures.first ?? nothingFound(skipped, files);

  const parts = found.map(({ file, path, inside, format, remark }) => ({
    absolutePath: file.absolutePath,
    originalPath: originalPath({ path, ...(inside !== undefined && { inside }) }),
    ...(inside !== undefined && { inside }),
    ...(remark !== undefined && { remark }),
    file: relative(workDirectory, file.absolutePath),
    format,
    sourceBytes: file.bytes,
    sourceSha256: file.sha256,
  }));
  const { unions, others } = pinnedUnions(parts, entry.tables);
  const places = others.map((part) => found[parts.indexOf(part)]!);
  const names = uniqueTableNames(
    places,
    unions.map(({ name }) => name),
  );
  const suggested = await suggestedUnions(others);
  const tables = others.map(({ absolutePath: _path, remark, ...part }, index): TableSource => {
    const remarks = [remark, suggested.get(part.originalPath)];
    const told = remarks.filter((text) => text !== undefined).join('; ');
    return { name: names[index]!, ...part, ...(told !== '' && { remark: told }) };
  });
  return { tables: [...unions.map(unionTable), ...tables], skipped };
}

function unionTable({ name, path, format, parts }: LikeFiles): TableSource {
  const members = parts.map(
    ({ absolutePath: _path, remark: _remark, format: _format, ...part }) => part,
  );
  const remarks = new Set(parts.flatMap(({ remark }) => remark ?? []));
  return {
    ...{ name, originalPath: path, format, members, file: members[0]!.file },
    ...(remarks.size > 0 && { remark: [...remarks].join('; ') }),
    sourceBytes: members.reduce((sum, { sourceBytes }) => sum + sourceBytes, 0),
    sourceSha256: digestOf(
      JSON.stringify(members.map(({ originalPath: from, sourceSha256 }) => [from, sourceSha256])),
    ),
  };
}

function nothingFound(skipped: readonly SkippedFile[], files: readonly CachedFile[]): ImportError {
  if (skipped.length === 0) {
    return new ImportError('ARCHIVE_EMPTY', { place: files.map(({ path }) => path).join(', ') });
  }
  const listed = skipped
    .slice(0, 10)
    .map(({ originalPath, reason }) => `${originalPath} (${reason})`)
    .join(', ');
  const other = skipped.find(({ reason }) => reason === 'not tabular: running text');
  const pin = other && `files: {${JSON.stringify(other.originalPath)}: {format: csv}}`;
  const isWanted = skipped.every(({ reason }) => reason !== NOT_WANTED);
  return new ImportError('NO_TABLES', {
    ...(isWanted && {
      nextStep:
        'The words behind each file say what it is.' +
        (pin === undefined ? '' : ` If one is a table all the same, pin what it is: ${pin}`),
    }),
    expected: 'text with columns, JSON, a workbook, a database, Arrow or Parquet',
    found: skipped.length > 10 ? `${listed} and ${skipped.length - 10} more` : listed,
  });
}

async function skippedBefore(workDirectory: string): Promise<SkippedFile[]> {
  const skipped: SkippedFile[] = [];
  for await (const file of readSkipped(workDirectory)) skipped.push(file);
  return skipped;
}

interface Marker {
  readonly key: string;
  readonly tables: TableSource[];
}

async function readMarker(marker: string, workDirectory: string): Promise<Marker | undefined> {
  try {
    const result = JSON.parse(await readFile(marker, 'utf8')) as Marker;
    await access(skippedFileOf(workDirectory));
    const files = result.tables.flatMap(({ members, ...table }) => members ?? [table]);
    for (const { file, sourceBytes } of files) {
      if ((await stat(join(workDirectory, file))).size !== sourceBytes) return undefined;
    }
    return result;
  } catch {
    return undefined;
  }
}

/** SHA-256 of a short text, hex. */
function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
