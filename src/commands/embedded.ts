/** Which services are embedded: those that the environment does not name. */
import type { Environment } from '../config/environment.js';
import type { ServiceName } from '../stack/index.js';
import { temporalConfig } from '../temporal/connection.js';

export function embeds(own: Environment, name: ServiceName, withSamples: boolean): boolean {
  switch (name) {
    case 'temporal':
      return temporalConfig(own).connectionOptions.address === undefined;
    case 'postgres':
      return own.DATABASE_URL === undefined;
    case 'minio':
      return own.STORAGE_BACKEND === 'minio' && own.MINIO_ENDPOINT === undefined;
    case 'kaggle':
      return withSamples;
  }
}
