/** Where the catalog is. */
import { ImportError } from '../errors/index.js';
import type { Environment } from './environment.js';

/** Throws ENVIRONMENT_INVALID when no catalog is configured. */
export function databaseUrl({ DATABASE_URL }: Environment): string {
  if (DATABASE_URL !== undefined) return DATABASE_URL;
  throw new ImportError('ENVIRONMENT_INVALID', {
    expected: 'DATABASE_URL to be set, or the embedded stack to run (`make up`)',
    found: 'neither',
    nextStep: 'Run `make up`, or set DATABASE_URL.',
  });
}
