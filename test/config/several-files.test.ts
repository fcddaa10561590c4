/** A configuration of several files: what is included, what goes under what, and whose fault a problem is. */
import { mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CORE_SCHEMA, load } from 'js-yaml';
import { expect, test } from 'vitest';
import { parse, parseDocument } from 'yaml';
import { createFileReader } from '../../src/config/config-file.js';
import { createLastGood, type ConfigState } from '../../src/config/last-good.js';
import { createConfigReader, loadDatasetsConfig } from '../../src/config/load.js';

/** Gives the path of `main.yaml`. */
function filesWith(texts: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  for (const [name, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return join(folder, 'main.yaml');
}

async function messageOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
  return (error as Error).message;
}

const ENTRY = (name: string, more = ''): string => `  ${name}:\n    kaggle_ref: o/${name}\n${more}`;

test('entries of all files count, those of the main one first, the others by the names of their files', async () => {
  const config = await loadDatasetsConfig(
    filesWith({
      'main.yaml': `include: [teams/*.yaml, one.yaml]\ndatasets:\n${ENTRY('main')}`,
      'one.yaml': `datasets:\n${ENTRY('one')}`,
      'teams/b.yaml': `datasets:\n${ENTRY('b')}`,
      'teams/a.yaml': `datasets:\n${ENTRY('a')}`,
      'teams/notes.txt': 'no: yaml: at all',
      // What Kubernetes puts beside the files of a mounted ConfigMap.
      'teams/..2026_11_26/a.yaml': `datasets:\n${ENTRY('a')}`,
    }),
  );
  expect([...config.datasets.keys()]).toEqual(['main', 'one', 'a', 'b']);
});

test('the nearer default wins: entry, domain, file, main file', async () => {
  const config = await loadDatasetsConfig(
    filesWith({
      'main.yaml':
        'include: more.yaml\n' +
        'defaults: {licence: main, target_column: main, description: main, large_dataset: true}\n' +
        'domain_defaults:\n  health: {description: health, chunk_size: 7}\n',
      'more.yaml':
        'defaults: {target_column: more}\ndatasets:\n' +
        ENTRY('plain') +
        ENTRY('sick', '    domain: [sport, health]\n    large_dataset: false\n'),
    }),
  );
  expect(config.datasets.get('plain')).toMatchObject({
    ...{ licence: 'main', target_column: 'more', description: 'main', large_dataset: true },
  });
  expect(config.datasets.get('sick')).toMatchObject({
    ...{ licence: 'main', target_column: 'more', description: 'health', large_dataset: false },
    chunk_size: 7,
  });
});

test('each problem is told with the file it stands in', async () => {
  const message = await messageOf(
    loadDatasetsConfig(
      filesWith({
        'main.yaml': `include: [more.yaml, "none/*.yaml"]\ndatasets:\n${ENTRY('a')}`,
        'more.yaml': `config: {max_parallel: 3}\ndatasets:\n${ENTRY('a')}${ENTRY('b', '    x: 1\n')}`,
      }),
    ),
  );
  expect(message).toContain('4 problems');
  expect(message).toMatch(/main\.yaml:1:1: include: .* matches "none\/\*\.yaml", found none/);
  expect(message).toMatch(/more\.yaml:1:1: expected "config" only in the file that includes/);
  expect(message).toMatch(/more\.yaml:3:3: .*second "a"; the first is in .*main\.yaml/);
  expect(message).toMatch(/more\.yaml:7:5: unknown key "x"/);
});

test('a file that cannot be read as YAML does not hide another', async () => {
  const broken = { 'one.yaml': 'datasets: [\n', 'two.yaml': 'datasets:\n\ta: 1\n' };
  const main = filesWith({
    'main.yaml': 'include: [one.yaml, two.yaml]\ndatasets: {}\n',
    ...broken,
  });
  const message = await messageOf(loadDatasetsConfig(main));
  expect(message).toMatch(/one\.yaml:\d+:\d+: /);
  expect(message).toMatch(/two\.yaml:2:1: expected spaces/);
});

test('of ten thousand entries a name that stands twice is found, with both places', async () => {
  const entries = Array.from({ length: 10_000 }, (_, i) => ENTRY(`d${i}`)).join('');
  const main = filesWith({ 'main.yaml': `datasets:\n${entries}${ENTRY('d17')}` });
  expect(await messageOf(loadDatasetsConfig(main))).toMatch(
    /main\.yaml:20002:3: .*second "d17"; the first is in line 36/,
  );
});

test('a file is read again only when it has changed', async () => {
  const main = filesWith({ 'main.yaml': 'include: more.yaml\ndatasets: {}\n', 'more.yaml': '' });
  writeFileSync(join(dirname(main), 'more.yaml'), `datasets:\n${ENTRY('a')}`);
  const read = createConfigReader(main);
  const first = await read();
  expect(await read()).toBe(first);
  writeFileSync(join(dirname(main), 'more.yaml'), `datasets:\n${ENTRY('b')}`);
  const second = await read();
  expect([...second.datasets.keys()]).toEqual(['b']);
  expect(second.digest).not.toBe(first.digest);
});

test('a file that breaks leaves the last good one in force, and is told once, as is its end', async () => {
  const main = filesWith({ 'main.yaml': `datasets:\n${ENTRY('a')}` });
  const told: ConfigState[] = [];
  const load = createLastGood(createConfigReader(main), (state) => told.push(state));
  const good = await load();
  writeFileSync(main, 'datasets: [\n');
  expect(await load()).toBe(good);
  expect(await load()).toBe(good);
  renameSync(main, `${main}.away`);
  expect(await load()).toBe(good);
  writeFileSync(main, `datasets:\n${ENTRY('b')}`);
  expect([...(await load()).datasets.keys()]).toEqual(['b']);
  expect(told).toEqual([
    { digest: good.digest },
    { digest: good.digest, problem: expect.stringMatching(/^CONFIG_INVALID: .*main\.yaml:/s) },
    { digest: good.digest, problem: expect.stringMatching(/^CONFIG_NOT_FOUND: /) },
    { digest: expect.not.stringContaining(good.digest) },
  ]);
});

test('a process whose first file is broken does not begin', async () => {
  const load = createLastGood(createConfigReader(filesWith({ 'main.yaml': '[' })), () => undefined);
  await expect(load()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});

test.each([
  'a: 0o17\nb: 1_000\nc: 012\nd: +1\ne: 0x1F\nf: 1e3\ng: .5\nh: .inf',
  'a: yes\nb: True\nc: ~\nd: null\ne:\nf: NULL\ng: off\nh: 2024-01-01',
  'a: "\\u0041\\n"\nb: \'it\'\'s\'\nc: plain text # said\nd: a#b\ne: "x: y"',
  'a: |\n  one\n   two\n\nb: >-\n  one\n  two\nc: |+\n  x\n\n',
  'a: &x {b: [1, two, "3"]}\nc: *x\n1: one\n"2": two\n<<: 3',
  '# nothing else\n',
  '',
])('the quick reader and the careful one read the same: %j', async (text) => {
  const quick = await createFileReader()(filesWith({ 'main.yaml': text }));
  expect(quick.broken).toBeUndefined();
  expect(quick.value ?? null).toEqual(parse(text));
});

/** Entries as people write them, one of them in each way that goes beyond a piece. */
const ODD = [
  'a: {kaggle_ref: o/a}\n',
  'a:\n    kaggle_ref: o/a\n    description: |\n      one\n\n     # no comment\n  # a comment\n',
  '"a":\n    kaggle_ref: o/a # said\n# said, too\n    licence: "two\n      lines"\n',
  'a:\n    kaggle_ref: o/a\n    description: "over\n  the: next\n  key"\n',
  'a:\n    kaggle_ref: o/a\n    domain: [one,\n  two]\n',
  'a: &x\n    kaggle_ref: o/a\n  b: *x\n',
  '? a\n  : {kaggle_ref: o/a}\n',
  'a:\n    kaggle_ref: o/a\n    description: >-\n      folded\n      text\n\n\n',
  'a: ~\n',
  '12: {kaggle_ref: o/a}\n  07: {kaggle_ref: o/b}\n',
];

/** By the same readers, at once; `undefined` of what none of them takes. */
function whole(text: string): unknown {
  try {
    return load(text, { schema: CORE_SCHEMA });
  } catch {
    const document = parseDocument(text);
    return document.errors.length > 0 ? undefined : document.toJS();
  }
}

test.each(ODD)(
  'hundreds of entries say the same, read in pieces or as a whole: %j',
  async (odd) => {
    const entries = Array.from({ length: 700 }, (_, i) => ENTRY(`d${i}`));
    entries.splice(300, 0, `  ${odd}`);
    for (const text of [
      `# first\nconfig: {max_parallel: 3}\ndatasets: # all\n${entries.join('')}\ndefaults: {licence: x}\n`,
      `datasets:\n${entries.join('')}`.replaceAll('\n', '\r\n'),
    ]) {
      const main = filesWith({ 'main.yaml': text });
      const read = createFileReader();
      expect((await read(main)).value).toEqual(whole(text));
      // And again, when one has changed and one has come.
      const changed = text
        .replace('o/d17', 'o/else')
        .replace('  d500:', '  new:\n    kaggle_ref: o/new\n  d500:');
      writeFileSync(main, changed);
      expect((await read(main)).value).toEqual(whole(changed));
    }
  },
);

const PLAIN = (i: number): string =>
  ENTRY(`d${i}`, `    domain: [a, b]\n    checks: {max_rejects: 3, rules: [{unique: [id]}]}\n`);
const MANY = `datasets:\n${Array.from({ length: 10_000 }, (_, i) => PLAIN(i)).join('')}`;

// No time is measured: so many turns of others are in it, and thousands while a thread explains.
test.each([
  ['that are read', MANY, 50, '10000 datasets'],
  ['of which one stands twice', `${MANY}${PLAIN(17)}`, 2_000, /:40002:3: .*second "d17"/],
  ['of which one is no YAML', `${MANY}  last: [\n`, 2_000, /:4000[23]:\d+: /],
  [
    'of which one has a key that there is not',
    `${MANY}  last: {reff: x}\n`,
    2_000,
    /:40002:\d+: .*reff/,
  ],
  ['that share an anchor', `x-common: &a {domain: [a]}\n${MANY}`, 2_000, /x-common/],
])(
  'ten thousand entries %s hold the process up for less than a tenth of a second at a time',
  async (_what, text, least, expected) => {
    const read = createConfigReader(filesWith({ 'main.yaml': text }));
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    count();
    const found = await read().then(({ datasets }) => `${datasets.size} datasets`, String);
    isOver = true;
    expect(found).toMatch(expected);
    expect(turns).toBeGreaterThan(least);
  },
);
