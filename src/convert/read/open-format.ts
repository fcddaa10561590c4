/** Opens what is no text table as a relation that the conversion can prove: JSON, workbooks, databases, Parquet. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TABLE_FORMATS } from '../../config/files.js';
import { ImportError } from '../../errors/index.js';
import type { OpenRelation, RelationColumn, RelationContext, TextRelation } from '../relation.js';
import { quoteIdentifier } from '../relation.js';
import { RejectSink } from './reject-sink.js';
import { besideReserved, uniqueNames } from './text/names.js';
import { plainTextSql } from '../write/plain-text.js';
import { writeCanonicalCsv } from './canonical-csv.js';
import { arffRecords } from './arff/arff-records.js';
import { arrowRecords } from './arrow/arrow-records.js';
import { avroRecords } from './avro/avro-records.js';
import { dbaseRecords } from './dbase/dbase-records.js';
import { jsonRecords } from './json/json-records.js';
import { ndjsonRecords } from './json/ndjson-records.js';
import { numpyRecords } from './numpy/numpy-records.js';
import { describeParquet, readSource } from './parquet.js';
import type { RecordReader } from './record.js';
import { transportRecords } from './sas/transport-records.js';
import { stataRecords } from './stata/stata-records.js';
import { tableRecords } from './sqlite/table-records.js';
import { sheetRecords } from './workbook/sheet-records.js';

/**
 * All but Parquet go through a CSV in the scratch directory: texts unescaped, numbers with their source digits,
 * nested values as the JSON text of the source. Parquet is typed already: it is read as it is, its records
 * counted from its footer.
 * @throws FORMAT_UNREADABLE
 */
export const openFormat: OpenRelation = async (context) => {
  const { table, file, connection } = context;
  if (table.format !== 'parquet') return openRecords(context, await recordReader(context));
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
    rejects: { count: 0, first: [], file: '' },
    decisions: [],
    warnings,
  };
};

async function openRecords(context: RelationContext, reader: RecordReader): Promise<TextRelation> {
  const { table, scratchDirectory, entry } = context;
  await mkdir(scratchDirectory, { recursive: true });
  const csvFile = join(scratchDirectory, 'rows.csv');
  const rejects = new RejectSink(
    join(scratchDirectory, 'rejects.ndjson'),
    entry.checks.max_rejects,
  );
  const written = await writeCanonicalCsv(reader, csvFile, rejects, context);
  if (written.columns.length === 0) {
    const [first] = rejects.first;
    const why = first ? `, the first in line ${first.line}: ${first.reason}` : '';
    throw new ImportError('FORMAT_UNREADABLE', {
      place: table.originalPath,
      expected: 'records with at least one column',
      found: `${written.records} records without any${why}`,
    });
  }
  const names = uniqueNames(written.columns);
  const columns = written.columns.map((originalName, index): RelationColumn => {
    const declared = reader.declaredTypes?.[index];
    return {
      name: names[index]!,
      originalName,
      originalType:
        reader.originalTypes?.[index] ?? (table.format === 'workbook' ? 'cell' : 'json'),
      ...(declared !== undefined && { declared }),
    };
  });
  const { text, cells, rowBytes, witnesses, warnings } = written;
  return {
    sql: plainTextSql(text, names),
    columns,
    dialect: { format: table.format, ...reader.dialect },
    sourceRecords: written.records,
    ...{ rejects, cells, rowBytes, witnesses, warnings, decisions: reader.decisions ?? [] },
    ...(reader.descriptions?.length && { columnDescriptions: reader.descriptions }),
    ...(reader.cellName && { cellName: reader.cellName }),
  };
}

/** @throws FORMAT_UNREADABLE, ENCODING_UNDECODABLE */
export async function recordReader(
  context: Pick<RelationContext, 'table' | 'file' | 'scratchDirectory' | 'entry' | 'signal'>,
): Promise<RecordReader> {
  const { table, file, scratchDirectory, entry, signal } = context;
  const { originalPath: place, inside } = table;
  switch (table.format) {
    case 'ndjson':
      return { source: () => ndjsonRecords(file, place) };
    case 'json':
      return { source: jsonRecords(file, place, inside) };
    case 'workbook':
      return sheetRecords(file, place.slice(0, -`#${inside}`.length), inside!, entry.sheets);
    case 'arff':
      return arffRecords({
        ...{ file, place, scratchDirectory, signal },
        encoding: entry.csv?.encoding,
      });
    case 'arrow':
      return arrowRecords(file, place);
    case 'dbase':
      return dbaseRecords(file, place, entry.csv?.encoding);
    case 'stata':
      return stataRecords(file, place, entry.csv?.encoding);
    case 'sas_transport':
      return transportRecords(file, place, inside, entry.csv?.encoding);
    case 'avro':
      return avroRecords(file, place);
    case 'numpy':
      return numpyRecords(file, place);
    case 'sqlite':
      return tableRecords(
        { file, place, scratchFile: join(scratchDirectory, 'copy.db') },
        inside ?? '',
      );
    default:
      throw new ImportError('FORMAT_UNREADABLE', {
        place,
        expected: TABLE_FORMATS.filter((format) => format !== 'csv').join(', '),
        found: table.format,
      });
  }
}
