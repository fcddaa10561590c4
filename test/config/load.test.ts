/** The configuration file: every problem at once, each with file, line and column. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findDataset, loadDatasetsConfig } from '../../src/config/load.js';
import { ImportError } from '../../src/errors/index.js';

const root = join(import.meta.dirname, '..', '..');

function fileWith(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'config-')), 'datasets.yaml');
  writeFileSync(file, text);
  return file;
}

async function problemsOf(text: string): Promise<string> {
  const error: unknown = await loadDatasetsConfig(fileWith(text)).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ImportError);
  expect((error as ImportError).code).toBe('CONFIG_INVALID');
  return (error as ImportError).message;
}

const A = 'datasets:\n  a:\n    kaggle_ref: o/s\n';
const RULES = `${A}    checks:\n      rules:\n`;

describe('a configuration file', () => {
  test.each(['kaggle_datasets_config.yaml', 'samples/kaggle_datasets_config.yaml'])(
    '%s, which ships with the project, is valid',
    async (file) => {
      const { datasets } = await loadDatasetsConfig(join(root, file));
      expect(datasets.size).toBeGreaterThanOrEqual(8);
    },
  );

  test('gives the seed entry with the settings of the seed', async () => {
    const config = await loadDatasetsConfig(
      fileWith('datasets:\n  a:\n    kaggle_ref: o/s\n    domain: education\n'),
    );
    expect(config.settings).toMatchObject({ cache_duration_days: 7, compression: 'snappy' });
    expect(config.datasets.get('a')).toMatchObject({
      name: 'a',
      kaggle_ref: 'o/s',
      domain: ['education'],
      multi_file: false,
      checks: { max_rejects: 0, severity: 'warn' },
    });
  });

  test('puts defaults under every dataset; the dataset wins', async () => {
    const config = await loadDatasetsConfig(
      fileWith(
        'defaults:\n  domain: health\n  large_dataset: true\ndatasets:\n' +
          '  a:\n    kaggle_ref: o/s\n  b:\n    kaggle_ref: o/t\n    large_dataset: false\n',
      ),
    );
    expect(config.datasets.get('a')).toMatchObject({ domain: ['health'], large_dataset: true });
    expect(config.datasets.get('b')).toMatchObject({ domain: ['health'], large_dataset: false });
  });

  test('a pattern without quotes, an alias to YAML, is named with its place and the quotes it needs', async () => {
    const problems = await problemsOf(
      'datasets:\n  a:\n    kaggle_ref: o/s\n    files: {include: *.csv }\n    domain: *health\n',
    );
    expect(problems).toMatch(/datasets\.yaml:4:22: .*quotes: "\*\.csv"/);
    expect(problems).toMatch(/datasets\.yaml:5:13: .*quotes: "\*health"/);
  });

  test('names every problem with line and column, and the nearest known key', async () => {
    const message = await problemsOf(
      'config:\n  cach_duration_days: 3\ndatasets:\n  a:\n    kagle_ref: o/s\n    kaggle_ref: o/s\n' +
        '  b:\n    kaggle_ref: o/t\n    chunk_size: many\n',
    );
    expect(message).toContain('3 problems');
    expect(message).toMatch(
      /datasets\.yaml:2:3: unknown key "cach_duration_days"; did you mean "cache_duration_days"/,
    );
    expect(message).toMatch(
      /datasets\.yaml:5:5: unknown key "kagle_ref"; did you mean "kaggle_ref"/,
    );
    expect(message).toMatch(/datasets\.yaml:9:5: datasets\.b\.chunk_size: .*number/);
  });

  test('leaves no dataset out for its name, and takes no number for another', async () => {
    expect(await problemsOf(`${A}  __proto__: {kaggle_ref: o/s}\n`)).toContain(
      ':4:3: datasets.__proto__: expected lower-case letters',
    );
    const values = (list: string): string =>
      `${RULES}        - accepted_values: {column: x, values: [${list}]}\n`;
    expect(await problemsOf(values('1, 9007199254740993'))).toContain('in quotes');
    const { datasets } = await loadDatasetsConfig(fileWith(values('1, "9007199254740993", 1e300')));
    expect(datasets.get('a')!.checks.rules).toHaveLength(1);
  });

  test('refuses a dataset without a source, and one with two', async () => {
    expect(await problemsOf('datasets:\n  a:\n    domain: x\n')).toContain('exactly one of');
    const two = 'datasets:\n  a:\n    kaggle_ref: o/s\n    competition: titanic\n';
    expect(await problemsOf(two)).toContain('exactly one of');
  });

  test('refuses passwords in addresses, without repeating them', async () => {
    const entry = (url: string) => `datasets:\n  a:\n    source:\n      url: ${url}\n`;
    const message = await problemsOf(entry('https://me:hunter2@host/a.csv'));
    expect(message).toContain('addresses without user and password');
    expect(message).not.toContain('hunter2');
    const plain = fileWith(entry('https://host/a@b.csv'));
    expect((await loadDatasetsConfig(plain)).datasets.size).toBe(1);
  });

  test.each([
    ['a tab', 'datasets:\n\ta:\n', '2:1: expected spaces as indentation, found a tab'],
    ['a missing colon', 'datasets:\n  a:\n    kaggle_ref o/s\n    domain: x\n', '3:5: .*a colon'],
    [
      'a wrong indentation',
      'datasets:\n  a:\n    kaggle_ref: o/s\n     domain: x\n',
      '3:17: .*ind',
    ],
    [
      'a name twice',
      `${A}  a:\n    kaggle_ref: o/t\n`,
      '4:3: .*second "a"; the first is in line 2',
    ],
    ['an open quote', 'datasets:\n  a:\n    kaggle_ref: "o/s\n', '4:1: .*closing quote'],
    ['an unknown alias', 'datasets:\n  a: *b\n', '2:6: .*anchor "&b"'],
    ['an empty file', '', '1:1: datasets: expected keys with values, .*found nothing'],
    ['text for keys', 'datasets:\n  a:\n  b: o/s\n', '3:3: datasets.b: expected keys .*"o/s"'],
    ['no space', 'datasets:\n  a:\n    kaggle_ref:o/s\n', '2:3: .*a colon needs a space'],
    ['a wrong type', `${A}    large_dataset: yes\n`, '4:5: .*true or false, found "yes"'],
    ['a wrong word', `config: {compression: lz5}\n${A}`, '1:10: .*one of "snappy".*found "lz5"'],
    ['a wrong number', `config: {row_group_size: 0}\n${A}`, '1:10: .*above 0, found 0'],
    ['a wrong reference', 'datasets:\n  a:\n    kaggle_ref: o\n', '3:5: .*owner/slug.*found "o"'],
    ['a relative path', 'datasets:\n  a:\n    source: {path: b}\n', '3:14: .*absolute.*found "b"'],
    [
      'a wrong source',
      'datasets:\n  a:\n    source: {pth: /b}\n',
      '3:5: .*the keys url, .*mean "path"',
    ],
    ['a wrong pin', `${A}    columns: {x: INTEGR}\n`, '4:15: .*INTEGER.*found "INTEGR"'],
    ['a wrong encoding', `${A}    csv: {encoding: utf-99}\n`, '4:11: .*found "utf-99"'],
    ['a wrong rule', `${RULES}        - unik: x\n`, '6:11: .*exactly one of the keys row_count, '],
    [
      'a wrong key',
      `${RULES}        - range: {colum: x}\n`,
      '6:19: unknown key "colum"; .*"column"',
    ],
    ['a wrong range', `${RULES}        - row_count: {min: 2, max: 1}\n`, '6:11: .*not above max'],
    ['no delimiter', `${A}    csv: {delimiter: ""}\n`, '4:11: '],
  ])('says of %s where it is, what was expected and what was found', async (_what, text, said) => {
    expect(await problemsOf(text)).toMatch(new RegExp(`datasets\\.yaml:${said}`));
  });

  test('names problems in the order of the file, and suggests only what is near', async () => {
    const message = await problemsOf('dataset: {}\nconfig:\n  retries: 9\ndatasets: {}\n');
    expect(message).toMatch(/1:1: unknown key "dataset"; did you mean "datasets"\?\n.*3:3:/);
    expect(message).toMatch(/unknown key "retries"$/m);
  });

  test('points at broken YAML', async () => {
    expect(await problemsOf('datasets:\n  a: [\n')).toMatch(/datasets\.yaml:\d+:\d+: /);
  });

  test('reads sizes with units and refuses others', async () => {
    const sized = 'config:\n  cache_max_size: 1.5GB\ndatasets:\n  a:\n    kaggle_ref: o/s\n';
    expect((await loadDatasetsConfig(fileWith(sized))).settings.cache_max_size).toBe(1.5e9);
    expect(await problemsOf(sized.replace('1.5GB', '1.5 boxes'))).toContain('such as 512MB');
  });

  test('is missed by name', async () => {
    await expect(loadDatasetsConfig('/nowhere/datasets.yaml')).rejects.toMatchObject({
      code: 'CONFIG_NOT_FOUND',
      exitCode: 2,
    });
  });

  test('offers the nearest name for an unknown dataset', async () => {
    const config = await loadDatasetsConfig(fileWith('datasets:\n  iris:\n    kaggle_ref: o/s\n'));
    expect(() => findDataset(config, 'student_performance')).toThrowError(
      expect.objectContaining({ nextStep: expect.not.stringContaining('Did you mean') }),
    );
    expect(() => findDataset(config, 'irsi')).toThrowError(
      expect.objectContaining({
        code: 'DATASET_UNKNOWN',
        nextStep: expect.stringContaining('"iris"'),
      }),
    );
  });
});
