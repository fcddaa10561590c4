/** A PostgreSQL as it comes, with its 100 connections, three of them for superusers: the stack's own takes more. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { databaseUrl } from '../../src/stack/environment.js';
import { postgresServer } from '../../src/stack/postgres-server.js';
import { stackSecrets } from '../../src/stack/secrets.js';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';
import { temporaryStackDirectory, testStackOptions } from './test-stack.js';

export interface UsualPostgres {
  /** Of a role that is no superuser, and of a database that is its own. */
  readonly url: string;
  /** For the eyes of the test: it gets a connection also when all others are taken. */
  readonly superuserUrl: string;
  stop(): Promise<void>;
}

export async function startUsualPostgres(): Promise<UsualPostgres> {
  const directory = await temporaryStackDirectory();
  const prepared = await postgresServer.prepare(testStackOptions(directory, ['postgres']));
  const port = await freePort();
  const { command, args, user } = prepared.launch({ port });
  // Of an option that is given twice, the last one counts.
  const child = spawn(command, [...args, '-c', 'max_connections=100'], {
    ...{ ...user, cwd: '/', stdio: 'ignore' },
  });
  const ended = once(child, 'exit');
  const isHealthy = () => postgresServer.isHealthy({ port }, { directory }).catch(() => false);
  await eventually('PostgreSQL', isHealthy);
  const superuserUrl = databaseUrl(port, stackSecrets(directory).postgresPassword);
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  await client.query(`CREATE ROLE worker LOGIN PASSWORD 'worker'`);
  await client.query('CREATE DATABASE catalog OWNER worker');
  await client.end();
  return {
    url: `postgresql://worker:worker@127.0.0.1:${port}/catalog`,
    superuserUrl,
    async stop() {
      child.kill('SIGINT');
      await ended;
      await rm(join(directory, '..'), { recursive: true, force: true });
    },
  };
}
