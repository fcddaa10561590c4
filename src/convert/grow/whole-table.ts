/** A table that has grown, seen as a whole: the parts of the version before beside those of the new files. */
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { ImportError } from '../../errors/index.js';
import { parquetRelation, typeFamily } from '../describe/parquet-relation.js';
import { writeRejects } from '../rejects.js';
import { quoteIdentifier, quoteText, type TextRelation } from '../relation.js';
import type { ColumnProof, Growth, ParquetPart } from '../types.js';
import type { ColumnStatistics, ParquetRequest } from '../write/parquet.js';
import type { ProvenParquet } from '../write/proven.js';
import { NotAppendable } from './held-columns.js';

/** A growth whose kept objects lie on this host, in the order of the parts. */
export interface KeptGrowth extends Growth {
  /** Relative to the work directory. */
  readonly files: readonly string[];
  /** Of the rejects of the version before, when it has some. */
  readonly rejectsFile?: string;
}

/** Thousands of columns in one query would be slow to plan. */
const COLUMNS_PER_QUERY = 200;

export function keptParts({ before, files }: KeptGrowth): ParquetPart[] {
  return before.parts.map((part, index) => ({ ...part, file: files[index]! }));
}

/** Those of the version before are kept as they are where no new ones come to them. Throws NotAppendable. */
export async function wholeRejects(
  connection: DuckDBConnection,
  { count, file }: TextRelation['rejects'],
  growth: KeptGrowth | undefined,
  request: Omit<ParquetRequest, 'select' | 'columns'>,
): Promise<ParquetPart | undefined> {
  const { rejects: older, rejectsPart } = growth?.before ?? { rejects: 0 };
  const { max_rejects: most } = request.entry.checks;
  if (older > 0 && older + count > most) {
    throw new NotAppendable(`${older + count} records are no rows, of at most ${most}`);
  }
  if (count === 0) return rejectsPart && { ...rejectsPart, file: '' };
  const before = growth?.rejectsFile;
  const path = before === undefined ? undefined : join(request.workDirectory, before);
  return writeRejects(connection, { file, count }, request, path);
}

/** Without statistics of the whole: they are asked of the rows. Throws LEDGER_MISMATCH. */
export async function wholeTable(
  connection: DuckDBConnection,
  written: ProvenParquet,
  growth: KeptGrowth,
  { workDirectory, place }: { readonly workDirectory: string; readonly place: string },
): Promise<ProvenParquet> {
  const kept = keptParts(growth);
  const { before } = growth;
  const files = kept.map(({ file }) => join(workDirectory, file));
  await requireRows(connection, files, growth, place);
  const columns = written.proven.columns.map((column, index) => ({
    ...column,
    proof: joined(before.columns[index]!.proof, column.proof),
  }));
  const partStatistics = [];
  for (const file of files) {
    partStatistics.push(await statisticsOf(connection, file, before.columns));
  }
  return {
    parts: [...kept, ...written.parts],
    proven: { columns, rows: before.rows + written.proven.rows },
    statistics: new Map(),
    partStatistics: [...partStatistics, ...written.partStatistics],
  };
}

/** The ledger across versions: each part has the rows that the version before has counted, and so have all of them. */
async function requireRows(
  connection: DuckDBConnection,
  files: readonly string[],
  { before, version }: KeptGrowth,
  place: string,
): Promise<void> {
  let sum = 0;
  for (const [index, file] of files.entries()) {
    const reader = await connection.runAndReadAll(
      `SELECT num_rows::DOUBLE FROM parquet_file_metadata(${quoteText(file)})`,
    );
    const rows = Number(reader.getRows()[0]![0]);
    const { key, rows: expected } = before.parts[index]!;
    if (rows !== expected) throw mismatch(key, `${expected} rows`, `${rows}`);
    sum += rows;
  }
  const ofFiles = (before.dialect['files'] as Array<{ rows: number }>).reduce(
    (total, { rows }) => total + rows,
    0,
  );
  if (sum === before.rows && ofFiles === before.rows) return;
  const expected = `${before.rows} rows of version ${version}, in its parts and of its files`;
  throw mismatch(place, expected, `${sum} rows in its parts, ${ofFiles} of its files`);
}

function mismatch(place: string, expected: string, found: string): ImportError {
  return new ImportError('LEDGER_MISMATCH', { place, expected, found });
}

function joined(before: ColumnProof, { checkedCells, nullTokens, ...proof }: ColumnProof) {
  const tokens = new Map(Object.entries(before.nullTokens));
  for (const [token, count] of Object.entries(nullTokens)) {
    tokens.set(token, (tokens.get(token) ?? 0) + count);
  }
  return {
    ...proof,
    checkedCells: before.checkedCells + checkedCells,
    nullTokens: Object.fromEntries(tokens),
    demotions: before.demotions,
  };
}

/** What the writing of the part has said, asked again of its rows. */
async function statisticsOf(
  connection: DuckDBConnection,
  file: string,
  columns: Growth['before']['columns'],
): Promise<Map<string, ColumnStatistics>> {
  const found = new Map<string, ColumnStatistics>();
  const plain = columns.filter(({ type }) => typeFamily(type) !== 'other');
  for (let from = 0; from < plain.length; from += COLUMNS_PER_QUERY) {
    const some = plain.slice(from, from + COLUMNS_PER_QUERY);
    const facts = some.flatMap(({ name }) => {
      const x = quoteIdentifier(name);
      return [`(count(*) - count(${x}))::DOUBLE`, `min(${x})::VARCHAR`, `max(${x})::VARCHAR`];
    });
    const reader = await connection.runAndReadAll(
      `SELECT ${facts.join(', ')} FROM ${parquetRelation([file])}`,
    );
    const answers = reader.getRows()[0]!;
    for (const [index, { name }] of some.entries()) {
      const [nulls, min, max] = answers.slice(3 * index, 3 * index + 3);
      const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
      found.set(name, { nulls: Number(nulls), min: text(min), max: text(max) });
    }
  }
  return found;
}
