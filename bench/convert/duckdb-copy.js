/** The yardstick: `COPY (FROM read_csv(...))` by the DuckDB that the conversion itself uses. */
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { measured } from './measured.js';

const [source, folder] = process.argv.slice(2);
const output = join(folder, 'table.parquet');

await measured(async () => {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: '1000MB',
    threads: '2',
    temp_directory: join(folder, 'spill'),
  });
  const connection = await instance.connect();
  await connection.run(
    `COPY (FROM read_csv('${source}')) TO '${output}' (FORMAT parquet, COMPRESSION snappy)`,
  );
  connection.disconnectSync();
  instance.closeSync();
  return [output];
});
