/** Which object store the environment names. */
import { ImportError } from '../errors/index.js';
import type { StorageOptions } from '../store/types.js';
import type { Environment } from './environment.js';

/** Throws ENVIRONMENT_INVALID naming every variable that the chosen backend lacks. */
export function storageOptions(environment: Environment): StorageOptions {
  return environment.STORAGE_BACKEND === 'azure' ? azure(environment) : minio(environment);
}

function minio(environment: Environment): StorageOptions {
  const { MINIO_ENDPOINT, MINIO_ACCESS_KEY, MINIO_SECRET_KEY } = environment;
  if (!MINIO_ENDPOINT || !MINIO_ACCESS_KEY || !MINIO_SECRET_KEY) {
    const values = { MINIO_ENDPOINT, MINIO_ACCESS_KEY, MINIO_SECRET_KEY };
    const missing = Object.entries(values).filter(([, value]) => !value);
    throw new ImportError('ENVIRONMENT_INVALID', {
      expected: `${missing.map(([name]) => name).join(', ')} to be set, or the embedded stack to run (\`make up\`)`,
    });
  }
  return {
    backend: 'minio',
    endpoint: MINIO_ENDPOINT,
    accessKey: MINIO_ACCESS_KEY,
    secretKey: MINIO_SECRET_KEY,
    bucket: environment.MINIO_BUCKET,
    useSsl: environment.MINIO_USE_SSL,
    region: environment.MINIO_REGION,
    root: environment.STORAGE_PREFIX,
  };
}

function azure(environment: Environment): StorageOptions {
  const {
    AZURE_STORAGE_CONNECTION_STRING: connectionString,
    AZURE_STORAGE_ACCOUNT: account,
    AZURE_STORAGE_CONTAINER: container,
  } = environment;
  if (connectionString === undefined && account === undefined) {
    throw new ImportError('ENVIRONMENT_INVALID', {
      expected:
        'AZURE_STORAGE_CONNECTION_STRING or AZURE_STORAGE_ACCOUNT for STORAGE_BACKEND=azure',
    });
  }
  return {
    backend: 'azure',
    container,
    root: environment.STORAGE_PREFIX,
    ...(connectionString !== undefined && { connectionString }),
    ...(account !== undefined && { account }),
  };
}
