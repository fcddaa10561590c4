/** Records that are no rows: kept aside as Parquet with line, reason and raw text; bounded. */
import { stat } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetEntry } from '../config/datasets.js';
import { ImportError } from '../errors/index.js';
import { parquetRelation } from './describe/parquet-relation.js';
import { shownRecord } from './describe/personal-columns.js';
import type { Reject } from './read/reject-sink.js';
import { quoteText, type TextRelation } from './relation.js';
import type { ParquetPart } from './types.js';
import { sealParts, writeParquet, type ParquetRequest } from './write/parquet.js';
import { firstCharacters } from '../first-characters.js';

const SHOWN_CHARACTERS = 120;

/** Throws TOO_MANY_REJECTS with the first of them when there are more than `checks.max_rejects`. */
export async function boundRejects(
  { rejects: { first, count }, witnesses, suggest }: TextRelation,
  entry: DatasetEntry,
  place: string,
  /** Whether a column holds personal data: then only the shape of a record is shown. */
  isPersonal: () => Promise<boolean>,
): Promise<void> {
  const { max_rejects } = entry.checks;
  if (count <= max_rejects) return;
  const personal = await isPersonal();
  const bad = first.map((reject) => describe(reject, personal)).join('; ');
  const good = witnesses?.[0]?.cells.map((cell) => cell ?? '').join(' | ');
  const beside = good === undefined ? '' : `; a row reads ${quoted(good, personal)}`;
  const tried = await suggest?.();
  throw new ImportError('TOO_MANY_REJECTS', {
    place,
    expected: `at most ${max_rejects} (checks.max_rejects)`,
    found: `${count}: ${bad}${count > first.length ? '; ...' : ''}${beside}`,
    ...(tried !== undefined && {
      nextStep: `Paste below the dataset, if that is how it is meant (tried: every record is a row then): ${tried}. Or allow them with \`checks: {max_rejects: ${count}}\`: they are kept aside, not dropped.`,
    }),
  });
}

function describe({ line, reason, raw }: Reject, personal: boolean): string {
  return `line ${line}: ${reason}: ${quoted(raw, personal)}`;
}

function quoted(record: string, personal: boolean): string {
  return JSON.stringify(shownRecord(firstCharacters(record, SHOWN_CHARACTERS), personal));
}

const REJECT_COLUMNS = [
  { name: 'line', type: 'BIGINT' },
  { name: 'reason', type: 'VARCHAR' },
  { name: 'raw', type: 'VARCHAR' },
];

/**
 * `line BIGINT, reason VARCHAR, raw VARCHAR`, in the order of the source, from the sink's file.
 * @param before - absolute path of a Parquet of them that goes before
 */
export async function writeRejects(
  connection: DuckDBConnection,
  { file, count }: Pick<TextRelation['rejects'], 'file' | 'count'>,
  request: Omit<ParquetRequest, 'select' | 'columns'>,
  before?: string,
): Promise<ParquetPart> {
  const types = REJECT_COLUMNS.map(({ name, type }) => `${name}: '${type}'`).join(', ');
  const those = `SELECT line, reason, raw FROM read_json(${quoteText(file)}, format='newline_delimited', columns={${types}}, maximum_object_size=1048576)`;
  const select =
    before === undefined
      ? those
      : `SELECT line, reason, raw FROM ${parquetRelation([before])} UNION ALL ${those}`;
  const { size } = await stat(file);
  const rowBytes = size / Math.max(count, 1);
  const columns = REJECT_COLUMNS;
  const { parts } = await writeParquet(connection, { ...request, select, columns, rowBytes });
  const [part] = await sealParts(parts, request);
  return part!;
}
