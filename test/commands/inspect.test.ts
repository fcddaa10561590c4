/** `inspect`: what a person reads of a file before an import, and that nothing of it stays behind. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { beforeEach, describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { LINE_WIDTH, wrap } from '../../src/commands/fit.js';
import { commandRunner, type CommandResult, type CommandRunner } from '../helpers/command.js';
import { people } from '../helpers/import-moments.js';
import { eventually } from '../helpers/eventually.js';

const TITLED = `Spending over 25k,,,\nDepartment,Supplier,Purpose,Note\n${'Health,Firm,Paper,none\n'.repeat(20)}`;

let runner: CommandRunner;
let temporary: string;

beforeEach(() => {
  runner = commandRunner();
  temporary = join(runner.folder, 'tmp');
  mkdirSync(temporary);
});

function write(name: string, content: string | Uint8Array): string {
  const file = join(runner.folder, name);
  writeFileSync(file, content);
  return file;
}

function inspect(...args: string[]): Promise<CommandResult> {
  return runner.run(['inspect', ...args], { TMPDIR: temporary });
}

async function inspectJson(...args: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await runner.run(['--json', 'inspect', ...args], { TMPDIR: temporary });
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('of one table', () => {
  test('decisions, bytes, columns, rows and warnings stand on lines of 80 characters', async () => {
    const { exitCode, stdout, stderr } = await inspect(write('titled.csv', TITLED));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^titled\.csv \(.* B, csv\): 20 rows, 4 columns, 0 rejects\n/);
    expect(stdout).toMatch(/\n {2}title +likely +.*leaves out 1 line/s);
    expect(stdout).toMatch(/\n {2}row +20 +460\n {2}the whole file +- +514\n/);
    expect(stdout).toMatch(/\n {2}Department +VARCHAR +text +0\n/);
    expect(stdout).toMatch(/\nFirst 5 rows\n {2}Department +Supplier +Purpose +Note\n/);
    expect(stdout).toContain('\nWarnings\n  - the title is');
    // A path is pasted as it is, however long.
    const lines = stdout.split('\n').filter((line) => !line.includes('path: '));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('what it suggests to pin settles what it was not sure of', async () => {
    const file = write('titled.csv', TITLED);
    const { pins, warnings } = await inspectJson(file);
    expect(warnings).not.toEqual([]);
    const entry = { source: { path: file }, ...(pins as object) };
    const config = write('config.yaml', JSON.stringify({ datasets: { titled: entry } }));
    const { stdout } = await runner.run(['--json', 'inspect', 'titled'], {
      ...{ TMPDIR: temporary, KAGGLE_IMPORT_CONFIG: config },
    });
    expect(JSON.parse(stdout)).toMatchObject({ pins: {}, warnings: [], records: { rows: 20 } });
  });

  test('one that an import would refuse is shown with the reason', async () => {
    const file = write('ragged.csv', 'id,name\n1,one\n2,two,and more\n3,three\n');
    const { exitCode, stdout } = await inspect(file);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('An import would stop. TOO_MANY_REJECTS: ');
    expect(stdout).toContain('\nNext step: ');
    expect(await inspectJson(file)).toMatchObject({
      refused: { code: 'TOO_MANY_REJECTS' },
      records: { source: 3, rows: 2, rejects: 1 },
      firstRows: [
        ['1', 'one'],
        ['3', 'three'],
      ],
    });
  });

  test('personal values are masked', async () => {
    const { stdout } = await inspect(write('people.csv', 'id,email\n1,ada@lovelace.org\n'));
    expect(stdout).toContain('email: personal data (email), masked here');
    expect(stdout).not.toContain('lovelace');
  });

  test('a file that is no table ends as an import of it would', async () => {
    const { exitCode, stderr } = await inspect(write('empty.csv', '\n'));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^[A-Z_]+: .*\nNext step: /s);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe('of several tables', () => {
  async function archive(): Promise<string> {
    const zip = new ZipFile();
    zip.addBuffer(Buffer.from('a,b\n1,2\n'), 'one.csv');
    zip.addBuffer(Buffer.from('c\n3\n'), 'sub/two.csv');
    zip.addBuffer(Buffer.from('no table'), 'picture.png');
    zip.end();
    return write('several.zip', await buffer(zip.outputStream));
  }

  test('they are listed, with what is skipped', async () => {
    const { stdout } = await inspect(await archive());
    expect(stdout).toMatch(/\none +csv +8 B +one\.csv\nsub__two +csv +4 B +sub\/two\.csv\n/);
    expect(stdout).toContain('skipped picture.png: not tabular');
    expect(stdout).toMatch(/\nHow one of them is read: kaggle-import inspect \S+ one\n?$/);
  });

  test('of an archive that holds one, what else it holds is told', async () => {
    const zip = new ZipFile();
    zip.addBuffer(Buffer.from('a,b\n1,2\n'), 'one.csv');
    zip.addBuffer(Buffer.from('<!DOCTYPE html>\n<html><body>Sign in</body></html>'), 'two.csv');
    zip.addBuffer(Buffer.from('\n\n'), 'three.csv');
    zip.end();
    const { stdout } = await inspect(write('one.zip', await buffer(zip.outputStream)));
    expect(stdout).toMatch(/^one\.csv .*1 row, 2 columns/);
    expect(stdout).toContain('Beside it, and no tables\n  - two.csv: an HTML page');
    expect(stdout).toContain('\n  - three.csv: empty');
  });

  test('one of them is chosen by its name or its file', async () => {
    const file = await archive();
    for (const chosen of ['sub__two', 'sub/two.csv'])
      expect((await inspect(file, chosen)).stdout).toMatch(/^sub\/two\.csv .*1 row, 1 column/);
    const { exitCode, stderr } = await inspect(file, 'three');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('one, sub__two');
  });

  test('a folder is looked through', async () => {
    mkdirSync(join(runner.folder, 'data'));
    write('data/one.csv', 'a,b\n1,2\n');
    write('data/two.csv', 'a,b\n1,2\n');
    const { tables } = await inspectJson(join(runner.folder, 'data'));
    expect(tables).toMatchObject([{ name: 'one' }, { name: 'two' }]);
  });
});

test.each([
  ['no/such/file.csv', 'SOURCE_PATH_UNREADABLE'],
  ['nothing', 'DATASET_UNKNOWN'],
])('of %s there is nothing to show: %s', async (what, code) => {
  const config = write('config.yaml', 'datasets: {some: {kaggle_ref: owner/some}}');
  const { stderr } = await runner.run(['inspect', what], { KAGGLE_IMPORT_CONFIG: config });
  expect(stderr).toMatch(new RegExp(`^${code}: `));
});

test('when it is interrupted, nothing of it stays', async () => {
  const file = write('people.csv', people(400_000));
  const command = runner.start(['inspect', file], { TMPDIR: temporary });
  await eventually('a conversion that runs', () =>
    readdirSync(temporary, { recursive: true, encoding: 'utf8' }).some((path) =>
      path.endsWith('scratch/people'),
    ),
  );
  command.signal('SIGINT');
  const { exitCode, stderr } = await command.ended;
  expect(exitCode).toBe(130);
  expect(stderr).toContain('INTERRUPTED: ');
  expect(readdirSync(temporary)).toEqual([]);
});

test('a line is broken at blanks, and a word that is too long stands alone', () => {
  const long = 'x'.repeat(LINE_WIDTH + 1);
  expect(wrap(`  one ${'two '.repeat(30)}${long} end`, 4).split('\n')).toEqual([
    `  one${' two'.repeat(18)}`,
    `    ${'two '.repeat(12).trim()}`,
    `    ${long}`,
    '    end',
  ]);
});
