/** Asks the services one by one, so that one that is away keeps only its own answer back. */
import { openCatalog, type Catalog } from '../catalog/index.js';
import type { Environment } from '../config/environment.js';
import { ImportError } from '../errors/index.js';
import { databaseUrl } from '../config/database.js';

export type Asked<Answer> =
  | { readonly answer: Answer; readonly failure?: undefined }
  | { readonly answer?: undefined; readonly failure: ImportError };

/** Throws what is no failure of a service. */
export async function asked<Answer>(ask: () => Promise<Answer>): Promise<Asked<Answer>> {
  try {
    return { answer: await ask() };
  } catch (error) {
    if (error instanceof ImportError) return { failure: error };
    throw error;
  }
}

export async function withCatalog<Answer>(
  environment: Environment,
  ask: (catalog: Catalog) => Promise<Answer>,
): Promise<Answer> {
  const catalog = openCatalog(databaseUrl(environment));
  try {
    return await ask(catalog);
  } finally {
    await catalog.close();
  }
}

/**
 * After the result: what could not be asked, so that nobody takes a part of the truth for the whole.
 * Throws the first of the failures.
 */
export function throwFailures(
  failures: readonly (ImportError | undefined)[],
  note: (line: string) => void,
): void {
  const [first, ...others] = failures.filter((failure) => failure !== undefined);
  for (const { code, message } of others) note(`${code}: ${message}`);
  if (first) throw first;
}
