/** Dockerfile, docker-compose.yml and k8s/ set variables that we have, to values that we accept. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { environmentVariables, readEnvironment } from '../../src/config/environment.js';
import { storageOptions } from '../../src/config/storage.js';
import { databaseUrl } from '../../src/config/database.js';
import { createObjectStore } from '../../src/store/index.js';
import { temporalTarget } from '../../src/temporal/connection.js';
import {
  composeFile,
  composeVariables,
  dockerfile,
  kubernetesPods,
  podEnvironment,
} from '../helpers/deployment.js';

/** Variables of Node itself. */
const NODE = ['NODE_ENV', 'UV_THREADPOOL_SIZE'];
/** What the Compose file asks for beside our own variables: the password of its PostgreSQL. */
const COMPOSE_ONLY = ['POSTGRES_PASSWORD'];
const known = [...environmentVariables.map(({ name }) => name), ...NODE];
const image = dockerfile().environment;
const pods = kubernetesPods();

afterEach(() => vi.unstubAllEnvs());

/** The environment of a container in which nothing else is set. */
function readIn(variables: Readonly<Record<string, string>>) {
  for (const { name } of environmentVariables) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  return readEnvironment();
}

type Container = readonly [name: string, variables: Readonly<Record<string, string>>];
const worker: Container = [
  'the worker of docker-compose.yml',
  composeFile().services['worker']!.environment!,
];
const ofPods = pods.map(([name, pod]): Container => [name, podEnvironment(pod)]);

describe.each<Container>([['the image', {}], worker, ...ofPods])('%s', (_name, variables) => {
  test('sets only variables of the configuration', () => {
    expect(Object.keys({ ...image, ...variables }).filter((name) => !known.includes(name))).toEqual(
      [],
    );
  });

  test('sets them to values that are accepted', () => {
    expect(readIn({ ...image, ...variables })).toMatchObject({
      CACHE_DIR: '/var/lib/kaggle-import/cache',
      WORK_DIR: '/var/lib/kaggle-import/work',
    });
  });
});

test.each<Container>([worker, ...ofPods])(
  '%s names every service, so that nothing embedded is started',
  async (_name, variables) => {
    const environment = readIn({ ...image, ...variables });
    expect(databaseUrl(environment)).toMatch(/^postgresql:\/\/.+@.+:5432\/exaidb$/);
    expect(temporalTarget(environment)).toMatchObject({
      address: variables['TEMPORAL_ADDRESS'],
      namespace: 'default',
    });
    expect(storageOptions(environment)).toMatchObject({ bucket: 'exai-datasets', useSsl: false });
    expect((await createObjectStore(storageOptions(environment))).description).toContain(
      variables['MINIO_ENDPOINT'],
    );
  },
);

test('Kaggle credentials come from the secret of the documentation, and reach worker and job', () => {
  expect(pods).toHaveLength(3);
  for (const [, { containers }] of pods) {
    expect(containers[0].env).toEqual(
      Object.entries({ KAGGLE_USERNAME: 'username', KAGGLE_KEY: 'key' }).map(([name, key]) => ({
        name,
        valueFrom: { secretKeyRef: { name: 'kaggle-secrets', key } },
      })),
    );
  }
});

describe('docker-compose.yml', () => {
  test('can be given nothing but variables of the configuration and the database password', () => {
    const unknown = composeVariables().filter(
      (name) => ![...known, ...COMPOSE_ONLY].includes(name),
    );
    expect(unknown).toEqual([]);
  });

  test('gives worker, store and databases the same password and keys', () => {
    const own = {
      POSTGRES_PASSWORD: 'pg0',
      MINIO_ACCESS_KEY: 'access0',
      MINIO_SECRET_KEY: 'secret0',
    };
    const { services } = composeFile(own);
    const of = (name: string) => services[name]!.environment!;
    expect(of('s3')).toMatchObject({ ROOT_ACCESS_KEY: 'access0', ROOT_SECRET_KEY: 'secret0' });
    expect(of('worker')).toMatchObject({
      MINIO_ACCESS_KEY: 'access0',
      MINIO_SECRET_KEY: 'secret0',
      MINIO_REGION: of('s3')['VGW_REGION'],
      DATABASE_URL: expect.stringContaining(':pg0@postgres:5432/') as string,
    });
    expect(of('postgres')['POSTGRES_PASSWORD']).toBe('pg0');
    expect(of('temporal')['POSTGRES_PWD']).toBe('pg0');
    expect(of('temporal-schema')['SQL_PASSWORD']).toBe('pg0');
  });
});
