/** Keeping that was killed between an object and the line that notes it goes on, and names every file once. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configFileSchema } from '../../src/config/datasets.js';
import { unpack } from '../../src/convert/index.js';
import { keepFiles } from '../../src/publication/keep-files.js';
import { readKept } from '../../src/publication/kept-log.js';
import { temporaryFolder } from '../helpers/convert.js';
import { publicationSite } from '../helpers/publication-site.js';

const site = publicationSite();
const { signal } = new AbortController();
const PREFIX = 'datasets/pets/v1-00000000-00000000';
const PATHS = ['1.png', '2.png', '3.png', 'large.png'];
/** Above it, an object is stored in parts. */
const LARGE_BYTES = 17 * 1024 * 1024;

test('an object that nobody has noted yet is noted, not stored under another key', async () => {
  const workDirectory = temporaryFolder();
  const { config, datasets } = configFileSchema.parse({
    datasets: { pets: { kaggle_ref: 'o/pets', keep_files: 'all' } },
  });
  const entry = { ...datasets['pets']!, name: 'pets' };
  mkdirSync(join(workDirectory, 'downloads'));
  const files = PATHS.map((path, index) => {
    const bytes = path === 'large.png' ? LARGE_BYTES : 3000 + index;
    const content = Buffer.alloc(bytes, `\x89PNG ${path}`, 'latin1');
    const absolutePath = join(workDirectory, 'downloads', path);
    writeFileSync(absolutePath, content);
    return {
      path,
      absolutePath,
      bytes,
      sha256: createHash('sha256').update(content).digest('hex'),
    };
  });
  const { limits } = config;
  await unpack({ files, workDirectory, entry, limits, signal });
  const run = { workflowId: 'import:pets', runId: 'run-1' };
  const { catalog, store } = site;
  await catalog.startImport({ dataset: 'pets', ...run, startedAt: new Date().toISOString() });
  await catalog.claimPrefix(PREFIX, 'pets', run, []);
  const request = { files, workDirectory, entry, limits, prefix: PREFIX, run, force: false };
  const keep = () => keepFiles(request, site, { signal, onProgress: () => undefined });
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  expect(await keep()).toEqual({ files: PATHS.length, bytes });
  const first = byPath((await readKept(workDirectory, PREFIX)).kept);
  const states = await stored();

  // Killed before its last lines were written, in the middle of one, and before the first of them.
  const log = join(workDirectory, 'kept.ndjson');
  const lines = readFileSync(log, 'utf8').split('\n').filter(Boolean);
  for (const left of [lines.slice(0, 1), [lines[0]!, lines[1]!.slice(0, 40)], []]) {
    writeFileSync(log, left.join('\n'));
    expect(await keep()).toEqual({ files: PATHS.length, bytes });
    expect(byPath((await readKept(workDirectory, PREFIX)).kept)).toEqual(first);
    expect(await stored()).toEqual(states);
  }
  rmSync(log);
  expect(await readKept(workDirectory, PREFIX)).toEqual({ kept: [], failed: [] });

  async function stored() {
    const found = await store.list(`${PREFIX}/`, signal);
    return found.map(({ key, bytes: size }) => [key, size]).sort();
  }
});

function byPath<File extends { readonly path: string }>(files: readonly File[]): File[] {
  return [...files].sort((one, other) => (one.path < other.path ? -1 : 1));
}
