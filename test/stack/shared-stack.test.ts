/** The servers that every test may use: they answer, and each test file gets a database of its own. */
import { Connection } from '@temporalio/client';
import { Client as Minio } from 'minio';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { createTestDatabase } from '../helpers/test-database.js';

test('Temporal knows the search attributes of the imports', async () => {
  const connection = await Connection.connect({ address: inject('stack').TEMPORAL_ADDRESS });
  const { customAttributes } = await connection.operatorService.listSearchAttributes({
    namespace: 'default',
  });
  await connection.close();
  expect(customAttributes).toMatchObject({ KaggleDataset: 2, ImportStage: 2, ImportOutcome: 2 });
});

test('a fresh PostgreSQL 18 database in UTF-8', async () => {
  const database = await createTestDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query(
    `SELECT current_setting('server_version') AS version, current_setting('server_encoding') AS encoding`,
  );
  await client.end();
  await database.drop();
  expect(rows).toEqual([{ version: expect.stringMatching(/^18\./) as string, encoding: 'UTF8' }]);
});

test('MinIO keeps an object', async () => {
  const { MINIO_ENDPOINT, MINIO_ACCESS_KEY, MINIO_SECRET_KEY } = inject('stack');
  const [endPoint, port] = MINIO_ENDPOINT.split(':') as [string, string];
  const minio = new Minio({
    ...{ endPoint, port: Number(port), useSSL: false },
    ...{ accessKey: MINIO_ACCESS_KEY, secretKey: MINIO_SECRET_KEY },
  });
  await minio.makeBucket('shared-stack-test');
  await minio.putObject('shared-stack-test', 'a', 'bytes');
  expect((await minio.statObject('shared-stack-test', 'a')).size).toBe(5);
});
