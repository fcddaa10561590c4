/** What is said of a table that has grown file by file is what is said of it when all of its files are converted at once. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { configFileSchema } from '../../src/config/datasets.js';
import { convertTable, unpack } from '../../src/convert/index.js';
import type { KeptGrowth } from '../../src/convert/grow/whole-table.js';
import type { TableDescription } from '../../src/convert/types.js';
import { readParquet, temporaryFolder } from '../helpers/convert.js';

type Files = Readonly<Record<string, string>>;

interface Version {
  readonly description: TableDescription;
  /** Of its rejects, when it has some. */
  readonly rejects?: string | undefined;
  readonly paths: readonly string[];
}

/** All of the files, or those that `before` has not. */
async function version(files: Files, entry: object, before?: Version): Promise<Version> {
  const workDirectory = temporaryFolder();
  const tables = { t: { files: '*.csv', append: true } };
  const source = { kaggle_ref: 'o/d', tables, ...entry };
  const { config, datasets } = configFileSchema.parse({ config: {}, datasets: { d: source } });
  const common = { workDirectory, entry: { ...datasets['d']!, name: 'd' } };
  const { signal } = new AbortController();
  const downloaded = Object.entries(files).map(([path, content]) => {
    const absolutePath = join(workDirectory, 'downloads', path);
    mkdirSync(dirname(absolutePath), { recursive: true });
    writeFileSync(absolutePath, content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    return { path, absolutePath, bytes: Buffer.byteLength(content), sha256 };
  });
  const { limits } = config;
  const [table] = (await unpack({ ...common, files: downloaded, limits, signal })).tables;
  const growth = before && growthOf(before, table!.members!, workDirectory);
  const request = { ...common, table: table!, settings: config, metadata: {}, signal };
  const result = await convertTable({ ...request, ...(growth && { growth }) });
  const text = readFileSync(join(workDirectory, result.descriptionFile), 'utf8');
  const description = JSON.parse(text) as TableDescription;
  const made = result.parts.map(({ file }) => join(workDirectory, file));
  const { rejectsPart } = result;
  const rejects = rejectsPart?.file ? join(workDirectory, rejectsPart.file) : before?.rejects;
  return { description, rejects, paths: [...(before?.paths ?? []), ...made] };
}

/** As the catalog gives it, and the store. */
function growthOf(
  { description, rejects, paths }: Version,
  members: KeptGrowth['members'],
  workDirectory: string,
): KeptGrowth {
  const { result, columns, checks, dialect, decisions, byteLedger } = description;
  const files = paths.map((path, index) => {
    const file = `kept/${index}.parquet`;
    mkdirSync(join(workDirectory, 'kept'), { recursive: true });
    writeFileSync(join(workDirectory, file), readFileSync(path));
    return file;
  });
  const { rejectsPart } = result;
  if (rejectsPart) {
    writeFileSync(join(workDirectory, 'kept/rejects.parquet'), readFileSync(rejects!));
  }
  const key = (name: string): string => `datasets/d/v1/${name}`;
  const known = new Set((dialect['files'] as { path: string }[]).map(({ path }) => path));
  return {
    ...{ versionId: 'id', prefix: 'datasets/d/v1', version: '1', files },
    ...(rejectsPart && { rejectsFile: 'kept/rejects.parquet' }),
    members: members.filter(({ originalPath }) => !known.has(originalPath)),
    before: {
      ...{ rows: result.rows, rejects: result.rejects, columns, checks },
      warnings: result.warnings,
      dialect: { ...dialect, decisions, byteLedger },
      parts: result.parts.map((part, index) => ({ ...part, key: key(`${index}`) })),
      ...(rejectsPart && { rejectsPart: { ...rejectsPart, key: key('rejects') } }),
    },
  };
}

/** What does not depend on the way that it came to be. */
function said({ result, columns, dialect, byteLedger, checks }: TableDescription) {
  const { rows, rejects, sourceRecords, sourceBytes } = result;
  return {
    ...{ rows, rejects, sourceRecords, sourceBytes, byteLedger, checks },
    files: dialect['files'],
    columns: columns.map(({ proof: { demotions: _ofItsOwn, ...proof }, stats, ...column }) => ({
      ...{ ...column, proof },
      stats: { ...stats, mostFrequent: new Set(stats['mostFrequent'] as unknown[]) },
    })),
  };
}

async function rowsOf({ paths }: Version): Promise<object[]> {
  return (await Promise.all(paths.map(readParquet))).flat();
}

const cell = {
  n: fc.oneof(fc.integer({ min: -200, max: 70_000 }).map(String), fc.constantFrom('NA', '')),
  x: fc.oneof(fc.constantFrom('1.5', '-0.25', '1e3', '', 'null'), fc.integer().map(String)),
  day: fc.oneof(
    fc.constant(''),
    fc.integer({ min: 1, max: 28 }).map((d) => `2024-02-${`${d}`.padStart(2, '0')}`),
  ),
  word: fc.constantFrom('red', 'green', 'NA', '', 'été, "et"'),
};
const line = fc
  .record(cell)
  .map(({ n, x, day, word }) => `${n},${x},${day},"${word.replaceAll('"', '""')}"`);
const content = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('', 'one,cell too few\n'))
  .map(([lines, reject]) => `n,x,day,word\n${lines.map((one) => `${one}\n`).join('')}${reject}`);
/** Proves every type, so that files of later days have nothing to prove. */
const FIRST = 'n,x,day,word\n70000,0.5,2024-01-31,blue\n-1,2,2024-02-01,red\n';

test('grown a file at a time, it is described as it is when all files are read at once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(content, { minLength: 1, maxLength: 3 }), async (days) => {
      const entry = { checks: { max_rejects: 5, rules: [{ row_count: { max: 3 } }] } };
      let files: Record<string, string> = { 'd_01.csv': FIRST };
      let grown = await version(files, entry);
      for (const [index, day] of days.entries()) {
        files = { ...files, [`d_0${index + 2}.csv`]: day };
        grown = await version(files, entry, grown);
      }
      const whole = await version(files, entry);
      expect(said(grown.description)).toEqual(said(whole.description));
      expect(await rowsOf(grown)).toEqual(await rowsOf(whole));
      expect(grown.description.result.parts.map(({ rows }) => rows)).toEqual(
        await Promise.all(grown.paths.map(async (path) => (await readParquet(path)).length)),
      );
      const { partStatistics, result } = grown.description;
      expect(partStatistics).toHaveLength(result.parts.length);
    }),
    { numRuns: Number(process.env['GROWING_RUNS'] ?? 6) },
  );
});

test.each([
  ['a column that is new', 'n,x,day,word,more\n1,1,2024-02-01,a,b\n', 'column "more" is new'],
  ['a column that is not there', 'n,x,day\n1,1,2024-02-01\n', 'have no column "word"'],
  [
    'another type',
    'n,x,day,word\n1.5,1,2024-02-01,a\n',
    'column "n" of the new files is not INTEGER',
  ],
  [
    'another spelling',
    'n,x,day,word\n007,1,2024-02-01,a\n',
    'column "n" of the new files is not INTEGER',
  ],
  ['a wider number', 'n,x,day,word\n3000000000,1,2024-02-01,a\n', 'is not INTEGER'],
])('%s is no growth', async (_name, day, reason) => {
  const first = await version({ 'd_01.csv': FIRST }, {});
  const grown = version({ 'd_01.csv': FIRST, 'd_02.csv': day }, {}, first);
  await expect(grown).rejects.toMatchObject({
    name: 'NotAppendable',
    message: expect.stringContaining(reason) as string,
  });
});

test('columns in another order, none but missing values, and text that looks like numbers are growth', async () => {
  const files = { 'd_01.csv': FIRST, 'd_02.csv': 'word,day,x,n\n12,,,\n13,,,\n' };
  const first = await version({ 'd_01.csv': FIRST }, {});
  const grown = await version(files, {}, first);
  const { columns } = grown.description;
  expect(columns.map(({ name, type }) => [name, type])).toEqual([
    ['n', 'INTEGER'],
    ['x', 'DOUBLE'],
    ['day', 'DATE'],
    ['word', 'VARCHAR'],
  ]);
  expect((await rowsOf(grown)).at(-1)).toEqual({ n: null, x: null, day: null, word: '13' });
});

test('a part that has other rows than the version before has counted stops the import', async () => {
  const first = await version({ 'd_01.csv': FIRST }, {});
  const wrong = { ...first.description, result: { ...first.description.result, rows: 3 } };
  const grown = version(
    { 'd_01.csv': FIRST, 'd_02.csv': FIRST },
    {},
    { ...first, description: wrong },
  );
  await expect(grown).rejects.toMatchObject({ code: 'LEDGER_MISMATCH' });
});

test('a column that was empty in the files before stays text, and the next step is told', async () => {
  const before = { '1.csv': 'a,b\n1,\n2,\n' };
  const first = await version(before, {});
  expect(first.description.result.warnings.join()).not.toContain('stays text');
  const second = await version({ ...before, '2.csv': 'a,b\n3,4\n' }, {}, first);
  expect(second.description.columns.map(({ type }) => type)).toEqual(['TINYINT', 'VARCHAR']);
  const told =
    'column "b" was empty in the files before, and stays text: `import --force` finds the type of its values';
  expect(second.description.result.warnings).toContain(told);
});
