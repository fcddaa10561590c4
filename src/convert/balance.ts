/** The ledger of a table that is read and written: no record and no cell is lost between the two. */
import { ImportError } from '../errors/index.js';
import type { TextRelation } from './relation.js';
import type { ProvenParquet } from './write/proven.js';

/** What the source holds, what the proof read and what the Parquet holds must agree. Gives the rows. */
export function balance(
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
