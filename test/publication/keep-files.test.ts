/** Keeping that was killed between an object and the line that notes it goes on, and names every file once. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { configFileSchema } from '../../src/config/datasets.js';
import { unpack } from '../../src/convert/index.js';
import { keepFiles } from '../../src/publication/keep-files.js';
import { readKept } from '../../src/publication/kept-log.js';
import { createObjectStore, type ObjectStore } from '../../src/store/index.js';
import { startAzurite, type Azurite } from '../helpers/azurite.js';
import { temporaryFolder } from '../helpers/convert.js';
import { publicationSite } from '../helpers/publication-site.js';
import { azure } from '../helpers/stores-for-test.js';

const site = publicationSite();
const { signal } = new AbortController();
let azurite: Azurite;
let blobs: ObjectStore;

beforeAll(async () => {
  azurite = await startAzurite();
  blobs = await createObjectStore(azure(azurite.connectionString));
  await blobs.ensureReady(signal);
});
afterAll(async () => {
  await blobs.close();
  await azurite.stop();
});

const PATHS = ['1.png', '2.png', '3.png', 'large.png'];
/** Above it, an object is stored in parts. */
const LARGE_BYTES = 17 * 1024 * 1024;

test.each([
  { of: 'S3', name: 'pets', storeOf: () => site.store },
  { of: 'Azure', name: 'blobs', storeOf: () => blobs },
])(
  '$of: an object that nobody has noted yet is noted, not stored under another key',
  async (one) => {
    const { name } = one;
    const store = one.storeOf();
    const PREFIX = `datasets/${name}/v1-00000000-00000000`;
    const workDirectory = temporaryFolder();
    const { config, datasets } = configFileSchema.parse({
      datasets: { [name]: { kaggle_ref: 'o/pets', keep_files: 'all' } },
    });
    const entry = { ...datasets[name]!, name };
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
    const run = { workflowId: `import:${name}`, runId: `run-${name}` };
    const { catalog } = site;
    await catalog.startImport({ dataset: name, ...run, startedAt: new Date().toISOString() });
    await catalog.claimPrefix(PREFIX, name, run, []);
    const request = { files, workDirectory, entry, limits, prefix: PREFIX, run, force: false };
    const keep = () =>
      keepFiles(request, { catalog, store }, { signal, onProgress: () => undefined });
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    expect(await keep()).toEqual({ files: PATHS.length, bytes });
    const first = byPath((await readKept(workDirectory, PREFIX)).kept);
    const states = await stored();

    for (const [index, path] of PATHS.entries()) {
      const { key, sha256 } = first.find((file) => file.path === path)!;
      expect(sha256).toBe(files[index]!.sha256);
      // Its own bytes, as the store gives them.
      const read = createHash('sha256');
      for await (const piece of await store.read(key!)) read.update(piece as Buffer);
      expect(read.digest('hex')).toBe(sha256);
    }

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
  },
);

function byPath<File extends { readonly path: string }>(files: readonly File[]): File[] {
  return [...files].sort((one, other) => (one.path < other.path ? -1 : 1));
}
