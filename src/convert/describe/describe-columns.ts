/** Describes the columns of a written table, holds them against their checks, and words what their types had to decide. */
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetEntry } from '../../config/datasets.js';
import { typeDecisions } from '../prove/questions.js';
import type { Decision } from '../read/decision.js';
import type { CheckResult, ColumnDescription, ColumnProof } from '../types.js';
import type { ProvenParquet } from '../write/proven.js';
import { runChecks } from './checks/index.js';
import { shown } from './mask.js';
import { profileTable } from './profile-table.js';

interface DescribedTable {
  /** Absolute; the parts are relative to it. */
  readonly workDirectory: string;
  readonly entry: DatasetEntry;
  readonly rows: number;
  readonly targetRequired?: boolean;
}

/** In the order of the columns; no value of a person shows. Throws CHECK_FAILED. */
export async function describeColumns(
  connection: DuckDBConnection,
  { proven, parts, statistics }: ProvenParquet,
  { workDirectory, entry, rows, targetRequired }: DescribedTable,
): Promise<{ columns: ColumnDescription[]; checks: CheckResult[]; decisions: Decision[] }> {
  const files = parts.map((part) => join(workDirectory, part.file));
  const columns = proven.columns.map(({ column, proof }) => ({
    name: column.name,
    originalName: column.originalName,
    type: proof.type,
  }));
  const profiles = await profileTable(connection, { files, columns, entry, rows, statistics });
  const checks = await runChecks(
    connection,
    { files, columns, entry, rows, profiles },
    targetRequired,
  );
  const described = proven.columns.map(({ column, proof }, position): ColumnDescription => {
    const profile = profiles.get(column.name)!;
    const { personalData, stats, examples } = profile;
    return {
      position,
      name: column.name,
      originalName: column.originalName,
      originalType: column.originalType,
      type: proof.type,
      nullable: stats['nullCount'] !== 0,
      ...(personalData !== undefined && { personalData }),
      examples,
      stats,
      proof: { ...proof, demotions: proof.demotions.map(personalData ? withoutValue : masked) },
    };
  });
  const personal = new Set(
    [...profiles].filter(([, { personalData }]) => personalData).map(([name]) => name),
  );
  const decisions = await typeDecisions(connection, {
    ...{ files, columns: proven.columns, entry, personal },
  });
  return { columns: described, checks, decisions };
}

type Demotion = ColumnProof['demotions'][number];

/** The value of a counter-example could name a person. */
function withoutValue({ value: _hidden, ...rest }: Demotion): Demotion {
  return rest;
}

function masked({ value, ...rest }: Demotion): Demotion {
  return value === undefined ? rest : { ...rest, value: shown(value, false) };
}
