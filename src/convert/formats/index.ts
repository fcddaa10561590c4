/** Opens JSON, NDJSON, Excel and Parquet tables as relations that the conversion can prove. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ImportError } from '../../errors/index.js';
import type { OpenRelation, RelationColumn, RelationContext, TextRelation } from '../relation.js';
import { quoteIdentifier, quoteText } from '../relation.js';
import { besideReserved, uniqueNames } from '../csv/names.js';
import { splitSheet } from '../unpack/table-name.js';
import { CANONICAL_DIALECT, writeCanonicalCsv } from './canonical-csv.js';
import { jsonRecords } from './json-records.js';
import { ndjsonRecords } from './ndjson-records.js';
import { describeParquet, readSource } from './parquet.js';
import type { RecordSource } from './record.js';
import { sheetRecords } from './sheet-records.js';

const MAX_RAW_CHARACTERS = 64 * 1024;
/** DuckDB's own lower bound for a line buffer, so that short records cost no more than usual. */
const MIN_LINE_BYTES = 2_097_152;

/**
 * JSON, NDJSON and Excel go through a CSV in the scratch directory: texts unescaped, numbers with their source
 * digits, nested values as the JSON text of the source. Parquet is typed already: it is read as it is, its records
 * counted from its footer.
 * @throws FORMAT_UNREADABLE
 */
export const openFormat: OpenRelation = async (context) => {
  const { table, file, connection } = context;
  if (table.format !== 'parquet') return openRecords(context, recordSource(context));
  const { columns, records, warnings } = await describeParquet(
    connection,
    file,
    table.originalPath,
  );
  const names = besideReserved(columns.map(({ name }) => name));
  const list = columns.map(({ name }, index) =>
    names[index] === name
      ? quoteIdentifier(name)
      : `${quoteIdentifier(name)} AS ${quoteIdentifier(names[index]!)}`,
  );
  return {
    sql: `(SELECT ${list.join(', ')} FROM ${readSource(file)})`,
    columns: columns.map(({ originalName, type }, index) => ({
      name: names[index]!,
      ...{ originalName, originalType: type, typed: type },
    })),
    dialect: { format: 'parquet' },
    sourceRecords: records,
    rejectCount: 0,
    rejects: [],
    warnings,
  };
};

async function openRecords(context: RelationContext, source: RecordSource): Promise<TextRelation> {
  const { table, scratchDirectory, signal, onRead } = context;
  await mkdir(scratchDirectory, { recursive: true });
  const csvFile = join(scratchDirectory, `${table.name}.canonical.csv`);
  const written = await writeCanonicalCsv(source, csvFile, signal, ({ bytes, records }) =>
    onRead(bytes, records),
  );
  if (written.columns.length === 0) {
    throw new ImportError('FORMAT_UNREADABLE', {
      place: table.originalPath,
      expected: 'records with at least one column',
      found: `${written.records} records without any`,
    });
  }
  const names = uniqueNames(written.columns);
  const columns: RelationColumn[] = written.columns.map((originalName, index) => ({
    name: names[index]!,
    originalName,
    originalType: table.format === 'xlsx' ? 'cell' : 'json',
  }));
  const types = names.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(', ');
  const { delimiter, quote, escape, nullToken } = CANONICAL_DIALECT;
  const maxLineBytes = written.longestRecordBytes + MIN_LINE_BYTES;
  const reader = [
    quoteText(csvFile),
    'auto_detect = false',
    'header = false',
    `columns = {${types}}`,
    `delim = ${quoteText(delimiter)}`,
    `quote = ${quoteText(quote)}`,
    `escape = ${quoteText(escape)}`,
    `nullstr = ${quoteText(nullToken)}`,
    'allow_quoted_nulls = false',
    "new_line = '\\n'",
    `max_line_size = ${maxLineBytes}`,
    // The buffer must hold a whole record; quoted newlines are safe only when read in one go.
    `buffer_size = ${Math.max(16 * MIN_LINE_BYTES, 2 * maxLineBytes)}`,
    'parallel = false',
  ].join(', ');
  return {
    sql: `(SELECT ${names.map(quoteIdentifier).join(', ')} FROM read_csv(${reader}))`,
    columns,
    dialect: { format: table.format },
    sourceRecords: written.records,
    rejectCount: written.rejects.length,
    warnings: written.warnings,
    rejects: written.rejects.map(({ line, reason, raw }) => ({
      line,
      reason,
      raw: raw.slice(0, MAX_RAW_CHARACTERS),
    })),
  };
}

function recordSource({ table, file }: RelationContext): RecordSource {
  const place = table.originalPath;
  if (table.format === 'ndjson') return () => ndjsonRecords(file);
  if (table.format === 'json') return () => jsonRecords(file, place);
  if (table.format === 'xlsx') return () => sheetRecords(file, place, splitSheet(place)[1]);
  throw new ImportError('FORMAT_UNREADABLE', {
    place,
    expected: 'json, ndjson, xlsx or parquet',
    found: table.format,
  });
}
