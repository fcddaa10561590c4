/** The environment: every bad variable at once, no value of a secret shown. */
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import {
  environmentVariables,
  projectDirectory,
  readEnvironment,
} from '../../src/config/environment.js';
import { ImportError } from '../../src/errors/index.js';

afterEach(() => vi.unstubAllEnvs());

test('has the defaults of the seed', () => {
  for (const { name } of environmentVariables) {
    if (name !== 'XDG_CACHE_HOME') vi.stubEnv(name, undefined);
  }
  expect(readEnvironment()).toMatchObject({
    STORAGE_BACKEND: 'minio',
    MINIO_BUCKET: 'exai-datasets',
    CACHE_DIR: join(projectDirectory, 'cache'),
    LOG_FILE: join(projectDirectory, 'kaggle_import.log'),
    KAGGLE_API_BASE: 'https://api.kaggle.com',
  });
});

test('reports every bad variable at once and shows no secret', () => {
  vi.stubEnv('STORAGE_BACKEND', 'floppy');
  vi.stubEnv('DATABASE_URL', 'mysql://user:hunter2@db/x');
  vi.stubEnv('METRICS_PORT', '99999999');
  let error: unknown;
  try {
    readEnvironment();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(ImportError);
  const { message, exitCode } = error as ImportError;
  expect(exitCode).toBe(2);
  for (const name of ['STORAGE_BACKEND', 'DATABASE_URL', 'METRICS_PORT'])
    expect(message).toContain(name);
  expect(message).not.toContain('hunter2');
});

test('a variable set to nothing counts as unset; the stack fills it; the demo wins over it', () => {
  vi.stubEnv('MINIO_ENDPOINT', '');
  vi.stubEnv('KAGGLE_USERNAME', 'me');
  const below = { MINIO_ENDPOINT: '127.0.0.1:9000', KAGGLE_USERNAME: 'stack' };
  expect(readEnvironment(below)).toMatchObject({
    MINIO_ENDPOINT: '127.0.0.1:9000',
    KAGGLE_USERNAME: 'me',
  });
  expect(readEnvironment({}, { KAGGLE_USERNAME: 'demo' }).KAGGLE_USERNAME).toBe('demo');
});
