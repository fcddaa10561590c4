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
    expect(() => findDataset(config, 'irsi')).toThrowError(
      expect.objectContaining({
        code: 'DATASET_UNKNOWN',
        nextStep: expect.stringContaining('"iris"'),
      }),
    );
  });
});
