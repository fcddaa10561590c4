/** Writes a table of text as Parquet of proven types, in one reading of the source where the sample was right. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { ImportError } from '../../errors/index.js';
import { findCandidates, type Candidate } from '../prove/candidates.js';
import { countTokens } from '../prove/count.js';
import { heldTo, type HeldProofs } from '../prove/held.js';
import { likelyColumns, UNPROVEN, type LikelyColumn } from '../prove/likely.js';
import { proveColumns, type ProvenTable } from '../prove/prove.js';
import { quoteIdentifier, type ColumnCells, type TextRelation } from '../relation.js';
import type { RowsAhead } from './copy.js';
import { writeParquet, type ParquetRequest, type WrittenParquet } from './parquet.js';
import { likelySelect, selectOf } from './select.js';

interface ProvenRequest extends Omit<ParquetRequest, 'select' | 'columns'> {
  /** Names the table in errors. */
  readonly place: string;
  readonly onPhase: (phase: 'proving' | 'writing') => void;
  /** What an older version has proven of its columns, where the rows are to stand beside those. */
  readonly held?: HeldProofs | undefined;
  readonly ahead?: Pick<RowsAhead, 'take' | 'candidatesOf'> | undefined;
}

export interface ProvenParquet extends WrittenParquet {
  readonly proven: ProvenTable;
}

/** Throws PINNED_TYPE_MISMATCH, LEDGER_MISMATCH when NULLs were written for more or fewer cells than are missing. */
export async function writeProven(
  connection: DuckDBConnection,
  relation: TextRelation,
  asked: ProvenRequest,
): Promise<ProvenParquet> {
  const request = { ...asked, rowBytes: relation.rowBytes };
  const { entry, place, onPhase } = request;
  const { sql, columns, cells } = relation;
  onPhase('proving');
  const untyped = columns.filter(({ typed }) => typed === undefined);
  const found =
    (await request.ahead?.candidatesOf(sql)) ??
    (await findCandidates(connection, sql, untyped, entry));
  const candidates = heldTo(found, request.held);
  const likely = cells && likelyColumns(candidates, cells, entry);
  if (cells && likely) {
    onPhase('writing');
    const written = await writeLikely(connection, sql, likely, request);
    const proven =
      written && (await proofOf(connection, sql, written, likely, candidates, cells, place));
    if (proven) return { ...written, proven };
    onPhase('proving');
  }
  const proven = await proveColumns(connection, relation, candidates, entry, place);
  onPhase('writing');
  const written = proven.columns.map(({ column: { name }, expression, proof: { type } }) => ({
    ...{ name, type, expression },
  }));
  const signedZeros = await hasSignedZeros(connection, sql, columns);
  const rows = selectOf(sql, written);
  return { ...(await writeParquet(connection, { ...request, ...rows, signedZeros })), proven };
}

/** Of columns that the source has typed: in texts, -0.0 is 0.0. Within nested values nobody looks. */
async function hasSignedZeros(
  connection: DuckDBConnection,
  sql: string,
  columns: TextRelation['columns'],
): Promise<boolean> {
  const floating = columns.filter(({ typed }) => typed !== undefined && /DOUBLE|FLOAT/.test(typed));
  if (floating.some(({ typed }) => !/^(DOUBLE|FLOAT)$/.test(typed!))) return true;
  if (floating.length === 0) return false;
  const signed = floating.map(({ name }) => {
    const x = quoteIdentifier(name);
    return `coalesce(bool_or(${x} = 0 AND signbit(${x})), false)`;
  });
  const reader = await connection.runAndReadAll(`SELECT ${signed.join(' OR ')} FROM ${sql}`);
  return reader.getRows()[0]![0] === true;
}

/** Nothing when a cell ended the writing: some column is not what the sample made it look like. */
async function writeLikely(
  connection: DuckDBConnection,
  sql: string,
  likely: readonly LikelyColumn[],
  request: ProvenRequest,
): Promise<WrittenParquet | undefined> {
  try {
    return await writeParquet(connection, { ...request, ...likelySelect(sql, likely) });
  } catch (error) {
    if (!(error instanceof Error && error.message.includes(UNPROVEN))) throw error;
    await rm(join(request.workDirectory, `${request.base}.parquet.tmp`), { force: true });
    return undefined;
  }
}

/**
 * That the file is there says that every cell is its column's type, missing or a token; what remains is how many
 * are missing, which the ledger's own reader has counted too. Nothing when an integer type is not the narrowest.
 */
async function proofOf(
  connection: DuckDBConnection,
  sql: string,
  { parts, statistics }: WrittenParquet,
  likely: readonly LikelyColumn[],
  candidates: readonly Candidate[],
  cells: readonly ColumnCells[],
  place: string,
): Promise<ProvenTable | undefined> {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const found = likely.map(({ column, tokens }, index) => {
    const { nulls, min, max } = statistics.get(column.name)!;
    const { empty } = cells[index]!;
    const tokenCells = nulls - empty;
    if (tokenCells < 0 || (tokenCells > 0 && tokens.length === 0)) {
      throw new ImportError('LEDGER_MISMATCH', {
        place: `${place}, column ${column.originalName}`,
        expected: `${empty} empty cells`,
        found: `${nulls} nulls`,
      });
    }
    return { nulls, min, max, tokenCells };
  });
  const isNarrowest = likely.every(({ rule }, index) => {
    const { narrowest } = candidates[index]!.rules[0]!;
    const { min, max } = found[index]!;
    if (!narrowest || min === undefined || max === undefined) return true;
    return narrowest(Number(min), Number(max)).type === rule.type;
  });
  if (!isNarrowest) return undefined;
  const withTokens = likely.filter((_column, index) => found[index]!.tokenCells > 0);
  const counts = await countTokens(connection, sql, withTokens);
  const columns = likely.map((column, index) => ({
    column: column.column,
    expression: column.expression,
    proof: {
      ...{ type: column.rule.type, rule: column.rule.rule },
      checkedCells: rows - found[index]!.nulls,
      nullTokens: counts[withTokens.indexOf(column)] ?? {},
      demotions: [],
    },
  }));
  return { rows, columns };
}
