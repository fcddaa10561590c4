/** What the types of a written table had to decide or leave open, as decisions with the lines that settle them. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetEntry } from '../../config/datasets.js';
import { parquetRelation } from '../describe/parquet-relation.js';
import type { Decision } from '../read/decision.js';
import { quoteIdentifier } from '../relation.js';
import { openSpellings } from './open-spellings.js';
import { columnPin } from './pin-lines.js';
import type { ProvenColumn } from './prove.js';
import { orderOf } from './spellings.js';

export interface QuestionedTable {
  /** Absolute paths of the table's parts. */
  readonly files: readonly string[];
  readonly columns: readonly ProvenColumn[];
  readonly entry: DatasetEntry;
  /** Names of columns that hold personal data: no decision shows their values. */
  readonly personal: ReadonlySet<string>;
}

const SHOWN_COLUMNS = 5;

/** Of all columns; a pinned one leaves nothing open. */
export async function typeDecisions(
  connection: DuckDBConnection,
  table: QuestionedTable,
): Promise<Decision[]> {
  const relation = parquetRelation(table.files);
  return [
    ...(await provenOrders(connection, relation, table.columns)),
    ...(await openSpellings(connection, relation, table)),
    ...missingWords(table),
  ];
}

/** Orders of day and month that days above 12 have proven, or that a year in front gives. */
async function provenOrders(
  connection: DuckDBConnection,
  relation: string,
  columns: readonly ProvenColumn[],
): Promise<Decision[]> {
  const ordered = columns.flatMap(({ column, proof }) => {
    const format = /^(?:date|instant) (%.*?)(?: behind blanks)?$/.exec(proof.rule)?.[1];
    return format !== undefined && /%-?m/.test(format) ? [{ column, proof, format }] : [];
  });
  if (ordered.length === 0) return [];
  const counts = ordered.map(
    ({ column: { name } }) => `count_if(day(${quoteIdentifier(name)}) > 12)::DOUBLE`,
  );
  const reader = await connection.runAndReadAll(`SELECT ${counts.join(', ')} FROM ${relation}`);
  const proofs = reader.getRows()[0]!.map(Number);
  return ordered.map(({ column: { name, originalName }, proof, format }, index): Decision => ({
    about: 'day order',
    column: originalName,
    chosen: orderOf(format),
    certainty: proofs[index]! > 0 ? 'sure' : 'likely',
    evidence: `a day above 12 in ${proofs[index]} of ${proof.checkedCells} cells`,
    alternatives: [],
    pin: columnPin(name, { type: proof.type, format: format.replaceAll('%-', '%') }),
  }));
}

/** Words that were read as NULL, with the evidence of the cells around them. */
function missingWords({ columns, entry }: QuestionedTable): Decision[] {
  const pinned = new Set(entry.csv?.null_tokens);
  const counts = new Map<string, number>();
  const names: string[] = [];
  for (const { column, proof } of columns) {
    const found = Object.entries(proof.nullTokens).filter(([word]) => !pinned.has(word) && word);
    if (found.length > 0) names.push(column.name);
    for (const [word, count] of found) counts.set(word, (counts.get(word) ?? 0) + count);
  }
  if (names.length === 0) return [];
  const words = [...counts].map(([word, count]) => `${JSON.stringify(word)} ${count} times`);
  const shown = names.slice(0, SHOWN_COLUMNS).map((name) => JSON.stringify(name));
  const others = names.length > SHOWN_COLUMNS ? ` and ${names.length - SHOWN_COLUMNS} more` : '';
  return [
    {
      about: 'null tokens',
      chosen: [...counts.keys()].map((word) => JSON.stringify(word)).join(', '),
      certainty: 'likely',
      evidence: `${words.join(', ')} in ${shown.join(', ')}${others}, whose other cells prove a type`,
      alternatives: [],
      pin: columnPin(names[0]!, { type: 'VARCHAR' }),
    },
  ];
}
