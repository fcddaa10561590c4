/** Runs one contender once, and looks at what it wrote. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdir, rm, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';

/** Everyone gets two cores; on Linux also where the machine has more. */
const CORES = 2;
const pin =
  process.platform === 'linux' && availableParallelism() > CORES
    ? ['taskset', '--cpu-list', `0-${CORES - 1}`]
    : [];

/**
 * @param folder Scratch for this run; removed afterwards.
 * @returns seconds, cpuSeconds, peakBytes of the whole process, parquetBytes, and what became of the values
 */
export async function runOnce({ name, command: [program, args] }, source, folder) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  try {
    const [first, ...rest] = [...pin, program, ...args, source, folder];
    const { stdout, stderr } = await promisify(execFile)(first, rest, {
      // As the Makefile has it: DuckDB's queries occupy libuv's threads.
      env: { ...process.env, UV_THREADPOOL_SIZE: '8' },
    });
    if (stderr && process.argv.includes('--verbose')) console.error(stderr.trimEnd());
    const { files, ...measures } = JSON.parse(stdout);
    const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
    return {
      ...measures,
      parquetBytes: sizes.reduce((sum, size) => sum + size, 0),
      ...(await valuesOf(files)),
    };
  } catch (error) {
    throw new Error(`${name} failed: ${error.stderr ?? error.message}`, { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Reads the whole file into the page cache, so that no contender pays for the disk. */
export function warm(source) {
  execFileSync('cat', [source], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Zip codes of five characters, Namibia as a country, row numbers in their order: as they are in the source. */
async function valuesOf(files) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const list = files.map((file) => `'${file}'`).join(', ');
  const reader = await connection.runAndReadAll(
    `SELECT bool_and(length(zip::VARCHAR) = 5) AS "keepsZeros",
       bool_or(country = 'NA') IS TRUE AS "keepsNamibia",
       bool_and(order_id = row) AS "keepsOrder"
     FROM (SELECT *, row_number() OVER () AS row FROM read_parquet([${list}]))`,
  );
  connection.disconnectSync();
  instance.closeSync();
  return reader.getRowObjects()[0];
}
