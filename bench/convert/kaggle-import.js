/** This project's conversion, as an import runs it: proof, ledger, profile and checks included. */
import { stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { performance } from 'node:perf_hooks';
import { datasetSchema, settingsSchema } from '../../dist/config/datasets.js';
import { convertTable } from '../../dist/convert/index.js';
import { measured } from './measured.js';

const [source, folder] = process.argv.slice(2);
const { size } = await stat(source);
const table = {
  name: 'orders',
  originalPath: basename(source),
  file: relative(folder, source),
  format: 'csv',
  sourceBytes: size,
  sourceSha256: '',
};
const entry = { name: 'orders', ...datasetSchema.parse({ kaggle_ref: 'bench/orders' }) };
const started = performance.now();
let phase;

await measured(async () => {
  const { parts } = await convertTable({
    table,
    workDirectory: folder,
    entry,
    settings: settingsSchema.parse({}),
    metadata: { source: 'bench/orders' },
    signal: new globalThis.AbortController().signal,
    onProgress: (progress) => {
      if (progress.phase === phase) return;
      phase = progress.phase;
      console.error(`  ${((performance.now() - started) / 1000).toFixed(2)} s: ${phase}`);
    },
  });
  return parts.map(({ file }) => join(folder, file));
});
