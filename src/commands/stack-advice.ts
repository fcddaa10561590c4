/** What failed because the embedded stack is down says so: `make up` comes first. */
import { readEnvironment } from '../config/environment.js';
import { ImportError, type ErrorCode } from '../errors/index.js';
import { readStack, type ServiceName } from '../stack/index.js';
import { hasRealKaggle, stackDirectory } from './context.js';
import { embeds } from './embedded.js';

/** Who would have answered. */
const NEEDS: Partial<Record<ErrorCode, ServiceName>> = {
  TEMPORAL_UNREACHABLE: 'temporal',
  DATABASE_UNREACHABLE: 'postgres',
  STORE_UNREACHABLE: 'minio',
  DATASET_UNKNOWN: 'kaggle',
  CREDENTIALS_MISSING: 'kaggle',
};

/** The same error with another next step, when a service that it needs is embedded and does not run. */
export async function withStackAdvice(error: unknown): Promise<unknown> {
  if (!(error instanceof ImportError)) return error;
  const service = NEEDS[error.code];
  if (service === undefined) return error;
  const own = readEnvironment();
  if (!embeds(own, service, !hasRealKaggle(own))) return error;
  const stack = await readStack(stackDirectory(own));
  if (stack?.services[service]?.alive) return error;
  const nextStep =
    service === 'kaggle'
      ? `Run \`make up\` first: the embedded stack does not run, and only it serves the samples. Otherwise: ${error.nextStep}`
      : 'Run `make up` first: the embedded stack does not run.';
  return new ImportError(error.code, { ...error.context, nextStep, cause: error.cause });
}
