/** The variables that point commands and workers at the embedded services. */
import { SAMPLE_ACCOUNT } from './kaggle-server/authentication.js';
import { LOOPBACK } from './ports.js';
import { stackSecrets } from './secrets.js';
import type { StackState } from './types.js';

/** Only for services in the state: the others keep the addresses that the user has set. */
export function stackEnvironment(state: StackState): Record<string, string> {
  const { temporal, postgres, minio, kaggle } = state.services;
  const environment: Record<string, string> = {};
  if (temporal) environment['TEMPORAL_ADDRESS'] = `${LOOPBACK}:${temporal.port}`;
  if (postgres) {
    const { postgresPassword } = stackSecrets(state.directory);
    environment['DATABASE_URL'] = databaseUrl(postgres.port, postgresPassword);
  }
  if (minio) {
    const { minioAccessKey, minioSecretKey } = stackSecrets(state.directory);
    environment['MINIO_ENDPOINT'] = `${LOOPBACK}:${minio.port}`;
    environment['MINIO_ACCESS_KEY'] = minioAccessKey;
    environment['MINIO_SECRET_KEY'] = minioSecretKey;
    environment['MINIO_USE_SSL'] = 'false';
  }
  if (kaggle) {
    environment['KAGGLE_API_BASE'] = `http://${LOOPBACK}:${kaggle.port}/api`;
    environment['KAGGLE_USERNAME'] = SAMPLE_ACCOUNT.username;
    environment['KAGGLE_KEY'] = SAMPLE_ACCOUNT.key;
  }
  return environment;
}

/** The catalog lives in the database that every PostgreSQL cluster has. */
export function databaseUrl(port: number, password: string): string {
  return `postgresql://postgres:${encodeURIComponent(password)}@${LOOPBACK}:${port}/postgres`;
}
