/** Converts every dataset of a folder as an import would: `node convert-samples.js DATA OUTPUT` writes OUTPUT/converted.json. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { datasetSchema, settingsSchema } from '../dist/config/datasets.js';
import { convertTable } from '../dist/convert/index.js';
import { unpack } from '../dist/convert/unpack/index.js';

const METADATA = 'dataset-metadata.json';
const [data, output] = process.argv.slice(2);
const settings = settingsSchema.parse({});
// Nothing here cancels a conversion.
const { signal } = new globalThis.AbortController();

const converted = [];
for (const owner of await readdir(data)) {
  for (const slug of await readdir(path.join(data, owner))) {
    const root = path.join(data, owner, slug);
    const ref = `${owner}/${slug}`;
    const workDirectory = path.join(output, `${owner}__${slug}`);
    await mkdir(workDirectory, { recursive: true });
    converted.push(...(await convertDataset(ref, root, workDirectory)));
  }
}
await writeFile(path.join(output, 'converted.json'), JSON.stringify(converted));

/** One line a table: its description file, or the error that ended it. */
async function convertDataset(ref, root, workDirectory) {
  // Rejects are allowed, so that the ledger has some to account for.
  const configured = { kaggle_ref: ref, checks: { max_rejects: 1000 }, ...(await entryOf(root)) };
  const entry = { name: 'conformance', ...datasetSchema.parse(configured) };
  const files = await filesOf(root);
  let tables;
  try {
    ({ tables } = await unpack({ files, workDirectory, entry, limits: settings.limits, signal }));
  } catch (error) {
    return [{ ref, ...saidOf(error) }];
  }
  const lines = [];
  for (const table of tables) {
    const { name, format, originalPath } = table;
    const line = { ref, table: name, format, path: originalPath, workDirectory };
    try {
      const { descriptionFile } = await convertTable({
        table,
        workDirectory,
        entry,
        settings,
        isOneOfSeveral: true,
        metadata: {},
        signal,
      });
      lines.push({ ...line, descriptionFile });
    } catch (error) {
      lines.push({ ...line, ...saidOf(error) });
    }
  }
  return lines;
}

function saidOf({ code, message, nextStep }) {
  return { error: `${code}: ${message}`, nextStep };
}

/** What a check wants its dataset to be configured as. */
async function entryOf(root) {
  const metadata = path.join(root, METADATA);
  return existsSync(metadata) ? JSON.parse(await readFile(metadata, 'utf8')).entry : {};
}

async function filesOf(root) {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name !== METADATA)
    .map((entry) => path.join(entry.parentPath, entry.name));
  return Promise.all(
    paths.sort().map(async (absolutePath) => {
      const content = await readFile(absolutePath);
      return {
        path: path.relative(root, absolutePath).split(path.sep).join('/'),
        absolutePath,
        bytes: content.length,
        sha256: createHash('sha256').update(content).digest('hex'),
      };
    }),
  );
}
