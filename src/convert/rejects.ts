/** Records that are no rows: kept aside as Parquet with line, reason and raw text; bounded. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetEntry } from '../config/datasets.js';
import { ImportError } from '../errors/index.js';
import { shownRecord } from './profile/personal-columns.js';
import { quoteText, type Reject } from './relation.js';
import type { ParquetPart } from './types.js';
import { sealParts, writeParquet, type ParquetRequest } from './write/parquet.js';

const SHOWN = 3;
const SHOWN_CHARACTERS = 120;

/** Throws TOO_MANY_REJECTS with the first of them when there are more than `checks.max_rejects`. */
export async function boundRejects(
  rejects: readonly Reject[],
  count: number,
  entry: DatasetEntry,
  place: string,
  /** Whether a column holds personal data: then only the shape of a record is shown. */
  isPersonal: () => Promise<boolean>,
): Promise<void> {
  const { max_rejects } = entry.checks;
  if (count <= max_rejects) return;
  const personal = await isPersonal();
  const first = rejects
    .slice(0, SHOWN)
    .map(
      ({ line, reason, raw }) =>
        `line ${line}: ${reason}: ${JSON.stringify(shownRecord([...raw.slice(0, 2 * SHOWN_CHARACTERS)].slice(0, SHOWN_CHARACTERS).join(''), personal))}`,
    );
  throw new ImportError('TOO_MANY_REJECTS', {
    place,
    expected: `at most ${max_rejects} (checks.max_rejects)`,
    found: `${count}: ${first.join('; ')}${count > SHOWN ? '; ...' : ''}`,
  });
}

/** `line BIGINT, reason VARCHAR, raw VARCHAR`, in the order of the source. */
export async function writeRejects(
  connection: DuckDBConnection,
  rejects: readonly Reject[],
  request: Omit<ParquetRequest, 'select' | 'columns'>,
): Promise<ParquetPart> {
  const lines = join(request.workDirectory, `${request.base.replaceAll('/', '_')}.rejects.ndjson`);
  await writeFile(lines, rejects.map((reject) => JSON.stringify(reject)).join('\n'));
  try {
    const columns = `{line: 'BIGINT', reason: 'VARCHAR', raw: 'VARCHAR'}`;
    const select = `SELECT line, reason, raw FROM read_json(${quoteText(lines)}, format='newline_delimited', columns=${columns}, maximum_object_size=1048576)`;
    const { parts } = await writeParquet(connection, { ...request, select, columns: 3 });
    const [part] = await sealParts(parts, request);
    return part!;
  } finally {
    await rm(lines, { force: true });
  }
}
