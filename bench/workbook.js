/**
 * What a workbook costs in a process of the pool: `node bench/workbook.js FILE [--json FILE]`.
 * It is unpacked and converted as an import does, under the default `memory_limit`; how long this thread, which stands
 * for the worker's, was blocked meanwhile is told beside.
 */
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { datasetSchema, settingsSchema } from '../dist/config/datasets.js';
import { createBytesPool } from '../dist/pool/index.js';
import { machine } from './convert/report.js';
import { treesOf, watchMemory } from './import/processes.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' } },
});
const [file] = positionals;
const folder = mkdtempSync(join(tmpdir(), 'kaggle-import-bench-'));
const settings = settingsSchema.parse({});
const entry = { name: 'bench', ...datasetSchema.parse({ source: { path: file } }) };
const log = { warn: console.error, error: console.error };
const pool = createBytesPool({
  ...{ environment: process.env, settings, log },
  onEvent: () => undefined,
  pace: () => Promise.resolve(),
});
const signal = new globalThis.AbortController().signal;
const sha256 = createHash('sha256');
await pipeline(createReadStream(file), sha256);
const bytes = statSync(file).size;
const files = [{ path: basename(file), absolutePath: file, bytes, sha256: sha256.digest('hex') }];

const delay = monitorEventLoopDelay({ resolution: 10 });
const measured = watchMemory(() => [process.pid]);
const before = treesOf([process.pid]).cpuSeconds;
const began = performance.now();
delay.enable();
try {
  const request = { files, workDirectory: folder, entry, limits: settings.limits };
  const { tables } = await pool.unpack(request, { signal, onProgress: () => undefined });
  const unpacked = performance.now();
  const converted = [];
  for (const table of tables) {
    const input = { table, workDirectory: folder, entry, settings, metadata: {} };
    converted.push(await pool.convertTable(input, { signal, onProgress: () => undefined }));
  }
  delay.disable();
  const record = {
    measuredAt: new Date().toISOString(),
    machine: { ...machine(), loadAverage: loadavg() },
    workbook: basename(file),
    bytes,
    tables: converted.map(({ name, rows, columns }) => ({ name, rows, columns })),
    seconds: (performance.now() - began) / 1000,
    unpackSeconds: (unpacked - began) / 1000,
    cpuSeconds: treesOf([process.pid]).cpuSeconds - before,
    peakBytes: measured().peakBytes,
    blockedMs: delay.max / 1e6,
  };
  console.log(JSON.stringify(record, null, 2));
  if (values.json) writeFileSync(values.json, `${JSON.stringify(record, null, 2)}\n`);
} finally {
  measured();
  await pool.close();
  rmSync(folder, { recursive: true, force: true });
}
