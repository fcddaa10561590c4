/** Reads Parquet files as hyparquet does without a setting: `node read-hyparquet.js FILES.json` prints a line a file. */
import { readFileSync } from 'node:fs';
import {
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from 'hyparquet';

const [list] = process.argv.slice(2);
for (const name of JSON.parse(readFileSync(list, 'utf8'))) {
  const file = await asyncBufferFromFile(name);
  const names = parquetSchema(await parquetMetadataAsync(file)).children.map(
    ({ element }) => element.name,
  );
  const rows = await parquetReadObjects({ file });
  const columns = Object.fromEntries(
    names.map((column) => [column, rows.map((row) => plain(row[column]))]),
  );
  console.log(JSON.stringify({ file: name, columns }));
}

/** In the terms of JSON; moments as milliseconds. */
function plain(value) {
  if (value === undefined) return null;
  if (typeof value === 'bigint') return { $integer: String(value) };
  if (typeof value === 'number' && !Number.isFinite(value)) return { $float: String(value) };
  if (value instanceof Date) return value.getTime();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
  return value;
}
